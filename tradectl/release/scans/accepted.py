"""Findings that somebody has accepted: security/accepted.yaml says which, why and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from typing import Annotated

import msgspec

from tradectl.errors import ExitCode, TradectlError
from tradectl.release.scans.finding import Finding, Scan

FILE = Path("security/accepted.yaml")
SCHEMA = Path("security/accepted.schema.json")
Reason = Annotated[str, msgspec.Meta(min_length=15, description="Why it is no danger here, in a sentence.")]


class Acceptance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``path`` may have stars; ``marks`` are exactly these findings, as the scan prints them, and none that come."""

    scan: Scan
    rule: str
    path: str
    reason: Reason
    until: date
    marks: list[str] = []

    def covers(self, finding: Finding) -> bool:
        same = (self.scan, self.rule) == (finding.scan, finding.rule) and fnmatch(finding.path, self.path)
        return same and (not self.marks or finding.mark in self.marks)

    def __str__(self) -> str:
        return f"{self.scan.value} {self.rule} in {self.path}"


class Accepted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    accepted: list[Acceptance] = []


@dataclass(frozen=True)
class Judged:
    """``open`` fail; ``expired`` are those of them that were accepted once."""

    open: Sequence[Finding]
    accepted: Sequence[Finding]
    expired: Sequence[str]
    idle: Sequence[str]
    """What covers nothing that was found: it may go."""


def read(root: Path) -> Accepted:
    """None where there is no file; TradectlError where it says something else than it may."""
    path = root / FILE
    if not path.exists():
        return Accepted()
    try:
        return msgspec.yaml.decode(path.read_bytes(), type=Accepted)
    except (msgspec.MsgspecError, ValueError) as error:
        raise TradectlError(f"{FILE}: {error}", f"{SCHEMA} says what it may be", ExitCode.BAD_INPUT) from error


def judged(found: Sequence[Finding], said: Accepted, today: date) -> Judged:
    """An acceptance counts on its last day, and not after it."""
    good = [each for each in said.accepted if each.until >= today]
    over = [each for each in said.accepted if each.until < today]
    passed = [finding for finding in found if any(each.covers(finding) for each in good)]
    left = [finding for finding in found if finding not in passed]
    expired = [f"{each}, until {each.until}" for each in over if any(map(each.covers, left))]
    idle = [str(each) for each in said.accepted if not any(map(each.covers, found))]
    return Judged(left, passed, expired, idle)


def schema() -> bytes:
    """Of the file, for editors and for a reviewer."""
    return msgspec.json.format(msgspec.json.encode(msgspec.json.schema(Accepted)), indent=2) + b"\n"
