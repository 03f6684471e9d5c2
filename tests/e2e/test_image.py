"""The platform's image and that of backups, each built twice from one commit."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.composing import need, without_compose, without_image

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "compose" / "images"

pytestmark = [pytest.mark.night, pytest.mark.timeout(2_400)]


def without_builder() -> str | None:
    """Why no build has a digest that follows from its commit here; None when it has."""
    if why := without_compose():
        return why
    buildx = subprocess.run(["docker", "buildx", "version"], capture_output=True, check=False)
    found = shutil.which("buildah") or buildx.returncode == 0
    return None if found else "neither buildah nor docker's buildx is installed: apt-get install buildah"


def built(script: str, tag: str) -> str:
    """The digest of a build under a tag."""
    done = subprocess.run(
        [str(BUILD / script), tag], cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    return done.stdout.split()[-2]


def environment() -> dict[str, str]:
    return {**platform_base(), **os.environ}


def platform_base() -> dict[str, str]:
    """In the lab Python is there under another name."""
    base = "lab/platform-base:3"
    there = subprocess.run(["docker", "image", "inspect", base], capture_output=True, check=False).returncode == 0
    return {"BASE": base} if there else {}


@pytest.mark.parametrize(("script", "kind"), [("build", "platform"), ("build-backup", "backup")])
def test_two_builds_of_one_commit_have_one_digest(script: str, kind: str) -> None:
    need(without_builder() or (without_image() if kind == "backup" else None))
    tags = [f"tradectl/{kind}:twice-{os.getpid()}-{number}" for number in (1, 2)]
    try:
        first, second = (built(script, tag) for tag in tags)
        assert first == second
    finally:
        subprocess.run(["docker", "image", "rm", *tags], capture_output=True, check=False)
        for tag in tags:
            if shutil.which("buildah"):
                subprocess.run(["buildah", "rmi", f"localhost/{tag}"], capture_output=True, check=False)
