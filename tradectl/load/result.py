"""A run as it is kept: everything that a report or a comparison needs, in one file."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from tradectl.errors import ExitCode, TradectlError
from tradectl.load.measured import Measurement, Saturation
from tradectl.load.recorder import Second
from tradectl.load.shapes import Point, Shape
from tradectl.stack.state import home, write_json

SUFFIX = ".json"


class Verdict(msgspec.Struct, frozen=True):
    """One threshold: what was measured, as people read it, and whether it holds."""

    threshold: str
    measured: str
    holds: bool


class Audited(msgspec.Struct, frozen=True):
    """The audit after the run."""

    clean: bool
    differences: int
    orders: int
    fills: int
    first: str = ""
    """The first difference, in words."""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """``id`` is NAME-STAMP, its file's name; ``began`` is RFC 3339."""

    id: str
    scenario: str
    shape: str
    began: str
    sandbox: str
    backend: str
    version: str
    users: int
    rate: float
    duration: float
    workers: int
    seed: int
    points: list[Point]
    seconds: list[dict[str, Any]]
    looks: list[dict[str, Any]]
    verdicts: list[Verdict]
    audit: Audited | None
    aborted: str = ""
    """Why it was ended before its time."""

    @property
    def measurement(self) -> Measurement:
        """Its figures."""
        return Measurement([Second.of(each) for each in self.seconds], Shape(self.points).duration, list(self.looks))

    @property
    def saturation(self) -> Saturation:
        return self.measurement.saturation()

    @property
    def holds(self) -> bool:
        """Every threshold, and the audit."""
        clean = self.audit is None or self.audit.clean
        return clean and not self.aborted and all(verdict.holds for verdict in self.verdicts)

    @property
    def exit_code(self) -> ExitCode:
        """A generator that could not keep up has proved nothing, whatever it measured; a wrong ledger comes first."""
        if self.audit is not None and not self.audit.clean:
            return ExitCode.CHECK_FAILED
        if self.saturation.why:
            return ExitCode.SATURATED
        return ExitCode.OK if self.holds else ExitCode.CHECK_FAILED


def folder() -> Path:
    """Where runs lie: beside the sandboxes, so that they outlive them."""
    return home() / "load"


def stamp(scenario: str) -> str:
    """A run's id."""
    return f"{scenario}-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{time.time_ns() // 1_000_000 % 1_000:03d}"


def keep(run: Run) -> Path:
    """Write it; where."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder() / f"{run.id}{SUFFIX}"
    write_json(path, msgspec.to_builtins(run))
    return path


def kept() -> Sequence[Path]:
    """All runs, the oldest first."""
    return sorted(folder().glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime) if folder().is_dir() else []


def load(name: str | None) -> Run:
    """A run by its id, or the last one; TradectlError when there is none."""
    paths = [path for path in kept() if name is None or path.stem == name]
    if not paths:
        said = "there is no run yet" if name is None else f"there is no run {name!r}"
        raise TradectlError(
            said, "`tradectl load report --list` shows all; `tradectl load run mixed` makes one", ExitCode.NOT_FOUND
        )
    try:
        return msgspec.json.decode(paths[-1].read_bytes(), type=Run)
    except msgspec.MsgspecError as error:
        hint = "it is of another version: measure anew"
        raise TradectlError(f"{paths[-1]} cannot be read: {error}", hint, ExitCode.STATE_UNUSABLE) from error
