"""Where two digests differ: the first line of each kind, as two saved files have it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tradectl.digest.rows import KINDS
from tradectl.errors import ExitCode, TradectlError

HINT = "write it with `tradectl digest --show > FILE`"
Line = Mapping[str, Any]


@dataclass(frozen=True)
class Differing:
    """The first of a kind's rows that is not the same; None on the side that has no such row any more."""

    kind: str
    number: int
    """Among the rows of its kind, from 1."""
    left: Line | None
    right: Line | None

    @property
    def columns(self) -> list[str]:
        """Those that differ, where both sides have a row."""
        if self.left is None or self.right is None:
            return []
        names = dict.fromkeys([*self.left, *self.right])
        return [name for name in names if self.left.get(name) != self.right.get(name)]


def saved(path: Path) -> list[Line]:
    """The rows of a file that `tradectl digest --show` wrote; TradectlError when it holds anything else."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TradectlError(f"{path} cannot be read: {reason}", HINT, ExitCode.BAD_INPUT) from error
    return [_row(path, number, line) for number, line in enumerate(lines, 1)]


def _row(path: Path, number: int, line: str) -> Line:
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, dict) or row.get("kind") not in KINDS:
        raise TradectlError(f"{path}, line {number}: no row of a digest", HINT, ExitCode.BAD_INPUT)
    return row


def differing(left: Iterable[Line], right: Iterable[Line]) -> list[Differing]:
    """The first difference of each kind; none when both are the same."""
    before, after = _by_kind(left), _by_kind(right)
    found = []
    for kind in KINDS:
        for number, (one, other) in enumerate(zip_longest(before[kind], after[kind]), 1):
            if one != other:
                found.append(Differing(kind, number, one, other))
                break
    return found


def _by_kind(lines: Iterable[Line]) -> dict[str, list[Line]]:
    sorted_out: dict[str, list[Line]] = {kind: [] for kind in KINDS}
    for line in lines:
        sorted_out[line["kind"]].append(line)
    return sorted_out
