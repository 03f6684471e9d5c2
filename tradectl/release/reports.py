"""Reports of what was seen, as the tool's own commands print them, become evidence of a release in an environment."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from tradectl.errors import ExitCode, TradectlError
from tradectl.release.environments import Environments
from tradectl.release.evidence import Evidence, Kind, moment
from tradectl.release.record import Release
from tradectl.release.scans import report as scans
from tradectl.release.scans.finding import Scan

SOAK = 1_800.0
"""Seconds that a soak takes at least."""
COMMANDS = {
    Kind.SCENARIOS: "tradectl scenario run scenarios --json",
    Kind.LOAD: "tradectl load run mixed --threshold 'p99<200ms' --json",
    Kind.SOAK: "tradectl load run mixed --shape soak --duration 1800 --json",
    Kind.SCANS: "tradectl release scan --into reports",
}
"""That make a report of each kind."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A report that is to be taken: of what kind, of which environment, and where it lies."""

    kind: Kind
    environment: str
    file: Path
    standard: Sequence[str] = ()
    """The names of the standard scenarios: all of them have to be in it."""
    soak: float = SOAK


def taken(seen: Seen, release: Release, environments: Environments) -> Evidence:
    """TradectlError for a report that is none, is older than the release there, or is about something else."""
    text = _read(seen.file)
    if seen.kind is Kind.SCANS:
        ok, began, said = _scans(text, release)
        environment, since = "", moment(release.built)
    else:
        ok, began, said = READERS[seen.kind](_document(text, seen), seen)
        environment, since = seen.environment, there_since(environments, seen.environment, release)
    if moment(began) < since:
        hint = f"run it again: `{COMMANDS[seen.kind]}`"
        raise TradectlError(f"the report is of {began}, before {release.version} was there", hint, ExitCode.CONFLICT)
    digest = hashlib.sha256(text).hexdigest()
    return Evidence(
        kind=seen.kind, release=release.version, environment=environment, ok=ok, at=began, said=said, report=digest
    )


def there_since(environments: Environments, environment: str, release: Release) -> datetime:
    """When an environment got a release that it has now; TradectlError where it has another one."""
    since, now = None, environments.deployed(environment)
    if now is None or now.release != release.version:
        has = now.release if now else "nothing"
        hint = "what was seen there is about what is there"
        raise TradectlError(f"{environment} has {has}, not {release.version}", hint, ExitCode.CONFLICT)
    for change in environments.history(environment):
        if change.release != release.version:
            break
        since = moment(change.at)
    if since is None:
        raise TradectlError(f"{environment} has no history", "", ExitCode.STATE_UNUSABLE)
    return max(since, moment(release.built))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise TradectlError(f"{file} cannot be read: {error.strerror}", "", ExitCode.NOT_FOUND) from error


def _document(text: bytes, seen: Seen) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(text)
    except msgspec.DecodeError:
        found = None
    if not isinstance(found, dict) or not {"ok", "began"} <= found.keys():
        raise _other(seen)
    return found


def _other(seen: Seen) -> TradectlError:
    hint = f"`{COMMANDS[seen.kind]} > {seen.file.name}` makes one"
    return TradectlError(f"{seen.file} is no report of {seen.kind.value}", hint, ExitCode.BAD_INPUT)


Read = tuple[bool, str, str]
"""Whether it held, when it began, and what came of it in a few words."""


def _scenarios(report: Mapping[str, Any], seen: Seen) -> Read:
    outcomes = report.get("outcomes")
    if not outcomes:
        raise _other(seen)
    if left_out := sorted(set(seen.standard) - {each["name"] for each in outcomes}):
        more = f" and {len(left_out) - 1} more" if left_out[1:] else ""
        hint = f"`{COMMANDS[seen.kind]}` runs all"
        raise TradectlError(f"{left_out[0]}{more} was not run", hint, ExitCode.BAD_INPUT)
    count = {word: sum(each["status"] == word for each in outcomes) for word in ("held", "failed", "broke", "skipped")}
    said = ", ".join(f"{number} {word}" for word, number in count.items() if number)
    return bool(report["ok"]) and count["held"] > 0, report["began"], said


def _load(report: Mapping[str, Any], seen: Seen) -> Read:
    if not {"verdicts", "rate", "duration", "shape"} <= report.keys():
        raise _other(seen)
    if not report["verdicts"]:
        raise TradectlError("the load was held to no threshold", "--threshold 'p99<200ms'", ExitCode.BAD_INPUT)
    figures = "; ".join(f"{each['threshold']}: {each['measured']}" for each in report["verdicts"])
    said = f"{report['rate']:g}/s for {report['duration']:g} s, {figures}"
    return bool(report["ok"]), report["began"], said


def _soak(report: Mapping[str, Any], seen: Seen) -> Read:
    found = _load(report, seen)
    if report["shape"] != "soak" or report["duration"] < seen.soak:
        said = f"{report['duration']:g} s of {report['shape']} is no soak of {seen.soak:g} s"
        raise TradectlError(said, f"`{COMMANDS[seen.kind]}`", ExitCode.BAD_INPUT)
    if not (report.get("audit") or {}).get("clean"):
        return False, found[1], f"{found[2]}; the audit is not clean"
    return found


def _scans(text: bytes, release: Release) -> Read:
    report = scans.decoded(text)
    if report.commit != release.commit or report.changed:
        said = f"the scans are of {report.commit[:9]}{', changed' if report.changed else ''}"
        hint = f"scan a checkout of {release.commit[:9]}"
        raise TradectlError(f"{said}, {release.version} is of {release.commit[:9]}", hint, ExitCode.CONFLICT)
    if missing := set(Scan) - set(report.scans):
        raise TradectlError(f"{', '.join(sorted(missing))} was not scanned", "without --only", ExitCode.BAD_INPUT)
    return report.ok, report.at, report.said


READERS = {Kind.SCENARIOS: _scenarios, Kind.LOAD: _load, Kind.SOAK: _soak}
