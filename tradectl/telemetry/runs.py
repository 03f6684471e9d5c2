"""Where the telemetry of runs lies: beside the sandboxes, because `down` removes a sandbox and one asks afterwards."""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.state import Sandbox

KEPT = 10
"""Runs of one sandbox."""
KEPT_IN_ALL = 50
"""Of all sandboxes: scenarios make one each, and never again one of that name."""
SUFFIX = ".db"


@dataclass(frozen=True)
class Run:
    """From a supervisor's start to its end; ``id`` says when that was: 20240808T071000Z."""

    id: str
    path: Path


def folder(sandbox: Sandbox) -> Path:
    """Where the runs of a sandbox of this name lie."""
    return sandbox.root.parent.parent / "telemetry" / sandbox.name


def runs(sandbox: Sandbox) -> list[Run]:
    """Those that are kept, the newest first."""
    found = sorted(folder(sandbox).glob(f"*{SUFFIX}"), reverse=True)
    return [Run(path.stem, path) for path in found]


def run_of(sandbox: Sandbox, id: str = "") -> Run:
    """The newest, or the one of this id; TradectlError when there is none."""
    found = runs(sandbox)
    for run in found:
        if id in ("", run.id):
            return run
    if not found:
        hint = "`tradectl up` begins a run; TRADECTL_TELEMETRY=off keeps nothing of it"
        raise TradectlError(f"nothing was recorded of sandbox {sandbox.name}", hint, ExitCode.NOT_FOUND)
    kept = ", ".join(run.id for run in found)
    raise TradectlError(f"no run {id} of sandbox {sandbox.name} is kept", f"these are: {kept}", ExitCode.NOT_FOUND)


def begin(sandbox: Sandbox, moment: float | None = None) -> Run:
    """Where a run that begins now is kept (seconds since 1970 UTC); what is one too many is removed."""
    place = folder(sandbox)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    id = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(moment))
    for path in surplus(place, id):
        remove(path)
    return Run(id, place / f"{id}{SUFFIX}")


def surplus(place: Path, id: str) -> Iterator[Path]:
    """What makes way for a new run: the oldest of this sandbox, then the oldest of all."""
    own = sorted((path for path in place.glob(f"*{SUFFIX}") if path.stem != id), reverse=True)
    everywhere = sorted(place.parent.glob(f"*/*{SUFFIX}"), key=lambda path: path.stem, reverse=True)
    yield from dict.fromkeys([*own[KEPT - 1 :], *everywhere[KEPT_IN_ALL - 1 :]])


def remove(path: Path) -> None:
    """A run's file, and what SQLite has beside it; an empty folder goes, too."""
    for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        each.unlink(missing_ok=True)
    with suppress(OSError):  # there are more in it
        path.parent.rmdir()
