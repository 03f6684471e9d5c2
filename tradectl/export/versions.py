"""What is installed: ours, Python's, the system's and the libraries'."""

import os
import platform
import shutil
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

from tradectl.doctor.machine import required

ROOT = Path(__file__).parents[2]


def versions() -> dict[str, Any]:
    """By name; ``commit`` is empty where this is no checkout."""
    return {
        "tradectl": metadata.version("tradectl"),
        "commit": commit(ROOT),
        "python": platform.python_version(),
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "libraries": {name: metadata.version(name) for name in sorted(required())},
    }


def commit(root: Path) -> str:
    """The commit of a checkout, with a word where it was changed since."""
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return ""
    done = subprocess.run(
        [git, "describe", "--always", "--abbrev=40", "--dirty", "--exclude=*"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()
