"""Files copied as fast as the disk can: shared until one side is written, where the file system knows that."""

import fcntl
import shutil
from collections.abc import Mapping
from pathlib import Path

from tradectl.errors import ExitCode, TradectlError

CLONE = 0x40049409
"""FICLONE of Linux: the same blocks under another name."""
PASSING = (".db-shm",)
"""What SQLite makes anew of the file beside it."""


def copy(source: Path, target: Path) -> None:
    """A folder with all that is in it, to where nothing is; nobody may write there meanwhile."""
    ignored = shutil.ignore_patterns(*(f"*{ending}" for ending in PASSING))
    shutil.copytree(source, target, copy_function=copy_file, ignore=ignored)


def copy_file(source: str | Path, target: str | Path) -> None:
    with Path(source).open("rb") as old, Path(target).open("wb") as new:
        try:
            fcntl.ioctl(new, CLONE, old.fileno())
        except OSError:
            shutil.copyfileobj(old, new, 1 << 20)
    shutil.copymode(source, target)


def sizes(folder: Path) -> dict[str, int]:
    """Of each file, by its path."""
    return {str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob("*") if path.is_file()}


def check(folder: Path, wanted: Mapping[str, int]) -> None:
    """TradectlError when a file is missing, or is not as long as it was."""
    there = sizes(folder)
    if wrong := sorted(path for path, size in wanted.items() if there.get(path) != size):
        hint = f"`tradectl snapshot rm {folder.name} --name {folder.parent.name}` removes it"
        raise TradectlError(f"the snapshot {folder} is damaged: {', '.join(wrong)}", hint, ExitCode.STATE_UNUSABLE)


def swap(new: Path, old: Path) -> None:
    """Put a folder in the place of another, which goes."""
    aside = old.with_name(f"{old.name}.old")
    discard(aside)
    if old.exists():
        old.rename(aside)
    new.rename(old)
    discard(aside)


def discard(folder: Path) -> None:
    """It is not there any more, if it ever was."""
    if folder.exists():
        shutil.rmtree(folder)
