"""Docker's Compose and the platform's image, for tests that start all of compose.yaml."""

import os
import shutil
import subprocess

import pytest

from tests.containers import missing_any, required
from tradectl.render.compose import FOLDER

FILE = FOLDER / "compose.yaml"
PLATFORM = os.environ.get("TRADECTL_IMAGE_PLATFORM", "tradectl/platform:dev")


def without_compose() -> str | None:
    """Why there is no `docker compose` here; None when there is."""
    if shutil.which("docker") is None:
        return "docker is not installed"
    found = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    return None if found.returncode == 0 else "Docker's plugin compose is not installed"


def without_image() -> str | None:
    """Why the platform cannot be started from its image here; None when it can."""
    if why := without_compose() or missing_any():
        return why
    found = subprocess.run(["docker", "image", "inspect", PLATFORM], capture_output=True, check=False)
    return None if found.returncode == 0 else f"there is no image {PLATFORM}: compose/images/build makes it"


def need(why: str | None) -> None:
    """Skip for this reason, or fail where an engine is required."""
    if why and required():
        pytest.fail(f"{why}, and TRADECTL_REQUIRE_ENGINE is set")
    if why:
        pytest.skip(why)
