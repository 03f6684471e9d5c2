"""Where snapshots lie: beside the sandboxes, a folder for each sandbox's, so that `down` leaves them."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack import locks
from tradectl.stack.snapshots import document
from tradectl.stack.snapshots.document import Snapshot
from tradectl.stack.state import NAME, home, unusable

REPLACED = ".replaced"
SNAPSHOT = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


def place(sandbox: str, name: str) -> Path:
    """Where a snapshot of that name lies, or would lie."""
    if not SNAPSHOT.fullmatch(name):
        hint = "use small letters, digits, dots, dashes and underscores, at most 63, a letter or digit first"
        raise TradectlError(f"{name!r} cannot name a snapshot", hint, ExitCode.USAGE)
    where = folder() / sandbox / name
    _mend(where)
    return where


def folder() -> Path:
    return home() / "snapshots"


def find(sandbox: str, name: str) -> tuple[Path, Snapshot]:
    """A snapshot and its folder; TradectlError naming those that there are."""
    where = place(sandbox, name)
    if not where.is_dir():
        known = ", ".join(path.name for path in _kept(sandbox))
        hint = f"there are: {known}" if known else "`tradectl snapshot list --all` shows those of other sandboxes"
        raise TradectlError(f"sandbox {sandbox} has no snapshot {name!r}", hint, ExitCode.NOT_FOUND)
    return where, document.read(where)


def every(sandbox: str | None = None) -> list[Snapshot]:
    """Those of a sandbox, or of all, oldest first; one that cannot be read is an error that names it."""
    found = [document.read(path) for path in _kept(sandbox)]
    return sorted(found, key=lambda snapshot: (snapshot.sandbox, snapshot.taken))


def remove(sandbox: str, name: str) -> None:
    """Also one that cannot be read. It is out of sight before the first file goes."""
    where = place(sandbox, name)
    if not where.is_dir():
        find(sandbox, name)
    hidden = _hidden(where)
    where.rename(hidden)
    discard(hidden)


@contextmanager
def draft(sandbox: str, name: str, *, replace: bool) -> Iterator[Path]:
    """A folder to fill, which becomes the snapshot at once and whole; CONFLICT when there is one of that name."""
    where = place(sandbox, name)
    if where.exists() and not replace:
        hint = f"--force replaces it; `tradectl snapshot rm {name} --name {sandbox}` removes it"
        raise TradectlError(f"sandbox {sandbox} has a snapshot {name!r} already", hint, ExitCode.CONFLICT)
    made = _hidden(where)
    try:
        for path in (home(), folder(), where.parent, made):
            path.mkdir(mode=0o700, exist_ok=path != made)
        with _claimed(made):
            yield made
            if where.exists():
                where.rename(_before(where))
            made.rename(where)
    except OSError as error:
        raise unusable(where.parent, error) from error
    finally:
        discard(made)
        _mend(where)
        discard(_before(where))


def orphans() -> list[Path]:
    """What a save, or an rm, that was killed has left."""
    _kept()
    return [path for path in folder().glob("*/.*") if path.is_dir() and not locks.is_held(path)]


def discard(path: Path) -> None:
    """With the sandbox's folder of snapshots, when it was the last."""
    if not path.is_dir():
        return
    shutil.rmtree(path)
    try:
        path.parent.rmdir()
    except OSError:  # there are others
        return


def _kept(sandbox: str | None = None) -> list[Path]:
    for left in folder().glob(f"{sandbox or '*'}/.*{REPLACED}"):
        _mend(left.with_name(left.name[1 : -len(REPLACED)]))
    found = folder().glob(f"{sandbox or '*'}/*")
    return sorted(path for path in found if SNAPSHOT.fullmatch(path.name) and NAME.fullmatch(path.parent.name))


def _hidden(where: Path) -> Path:
    """A name that no snapshot can have."""
    return where.with_name(f".{where.name}.{os.getpid()}")


def _before(where: Path) -> Path:
    """Where one lies for the moment in which another takes its place."""
    return where.with_name(f".{where.name}{REPLACED}")


def _mend(where: Path) -> None:
    """A save that was killed in that moment has replaced nothing."""
    if not where.exists() and _before(where).exists():
        _before(where).rename(where)


@contextmanager
def _claimed(path: Path) -> Iterator[None]:
    """Somebody fills it, for as long as he lives."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        locks.take(descriptor)
        yield
    finally:
        os.close(descriptor)
