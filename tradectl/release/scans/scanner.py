"""Programs that scan: they are installed beside the tool's own Python, and are no part of an image."""

import shutil
import sys
from pathlib import Path

from tradectl.errors import ExitCode, TradectlError
from tradectl.release.program import run

FOUND = (0, 1)
"""Exit codes of a scanner that did its work."""


def scanned(program: str, *arguments: str, folder: Path | None = None) -> str:
    """What a scanner prints, whether it found something or not; TradectlError where it is not here or fails."""
    beside = str(Path(sys.executable).parent)
    found = shutil.which(program, path=beside) or shutil.which(program)
    if found is None:
        hint = "pip install --require-hashes -r requirements/scans.txt"
        raise TradectlError(f"{program} is not here", hint, ExitCode.NOT_FOUND)
    return run(found, *arguments, folder=folder, fine=FOUND)
