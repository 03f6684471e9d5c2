"""An environments repository for tests, by real Git; a key pair by cosign itself, where it is here."""

import os
import shutil
from pathlib import Path

import pytest

from tests.charts import LAB
from tradectl.release.environments import Environments
from tradectl.release.git import clone
from tradectl.release.program import run
from tradectl.release.signing import make_keys

PASSWORD = "open sesame"


def environments(folder: Path) -> Environments:
    """A checkout of an empty one, by Ann."""
    origin = folder / "origin.git"
    run("git", "init", "--quiet", "--bare", "--initial-branch", "main", str(origin))
    repository = clone(str(origin), folder / "checkout")
    repository.run("config", "user.name", "Ann")
    repository.run("config", "user.email", "ann@example.org")
    return Environments(repository)


def need_cosign(monkeypatch: pytest.MonkeyPatch) -> None:
    """Skip where it is not; its password is set."""
    monkeypatch.setenv("PATH", LAB, prepend=os.pathsep)
    monkeypatch.setenv("COSIGN_PASSWORD", PASSWORD)
    if shutil.which("cosign") is None:
        pytest.skip("cosign is not here: ../shared/lab/tools cosign")


def keys(folder: Path) -> tuple[Path, Path]:
    """A private key and its public one."""
    return make_keys(folder)
