"""What was seen of a release: signed with it, never older than it, and asked for before it goes on."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import msgspec

from tradectl.errors import ExitCode, TradectlError
from tradectl.release.record import Release
from tradectl.release.signing import Signer, Verifier


class Kind(StrEnum):
    """What is looked at."""

    SCENARIOS = "scenarios"
    """The standard set, all of it."""
    LOAD = "load"
    """Thresholds of a load run."""
    SCANS = "scans"
    """Code, dependencies, secrets, image and chart: no finding that nobody has accepted."""
    SOAK = "soak"
    """Hours in an environment without an alert, the books in order."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """``at`` is wall time, RFC 3339; ``environment`` where it was seen, none for what needs no place."""

    kind: Kind
    release: str
    environment: str = ""
    ok: bool
    at: str
    said: str
    """In a few words, with the figure."""
    report: str = ""
    """The SHA-256 of the report that it is taken from."""

    @property
    def name(self) -> str:
        """Of its file: what, where, when."""
        stamp = moment(self.at).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        return "-".join(each for each in (self.kind.value, self.environment, stamp) if each)


NEEDED: Mapping[str, Sequence[tuple[Kind, str]]] = {
    "dev": ((Kind.SCANS, ""),),
    "stage": ((Kind.SCANS, ""), (Kind.SCENARIOS, "dev"), (Kind.LOAD, "dev")),
    "prod": ((Kind.SCANS, ""), (Kind.SCENARIOS, "stage"), (Kind.LOAD, "stage"), (Kind.SOAK, "stage")),
}
"""What an environment asks for, and where it has to have been seen."""


def missing(environment: str, release: Release, seen: Iterable[Evidence]) -> list[str]:
    """Why a release may not go there, in words; empty when nothing is missing."""
    own = [each for each in seen if each.release == release.version]
    return [said for kind, place in NEEDED[environment] if (said := _lack(kind, place, release, own))]


def _lack(kind: Kind, place: str, release: Release, own: Sequence[Evidence]) -> str:
    """None of a kind, one that is older than what it is about, or one that failed: the last one counts."""
    where = f"{kind.value} in {place}" if place else kind.value
    found = [each for each in own if each.kind is kind and each.environment == place]
    if not found:
        return f"{where}: not seen yet"
    last = max(found, key=lambda each: moment(each.at))
    if moment(last.at) < moment(release.built):
        return f"{where}: seen before the release was built"
    return "" if last.ok else f"{where}: {last.said}"


def moment(text: str) -> datetime:
    """Of RFC 3339."""
    return datetime.fromisoformat(text)


def encoded(evidence: Evidence) -> bytes:
    """Always the same bytes: it is signed."""
    return msgspec.json.format(msgspec.json.encode(evidence, order="sorted"), indent=1) + b"\n"


def write(evidence: Evidence, folder: Path, signer: Signer) -> Path:
    """A file, and its signature beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{evidence.name}.json"
    path.write_bytes(encoded(evidence))
    signer.sign_file(path)
    return path


def read(folder: Path, version: str, verifier: Verifier | None) -> list[Evidence]:
    """All of a release; TradectlError for what was not signed, where there is a key, or is another release's."""
    return [_read(path, version, verifier) for path in sorted(folder.glob("*.json"))]


def _read(path: Path, version: str, verifier: Verifier | None) -> Evidence:
    if verifier is not None:
        verifier.verify_file(path)
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Evidence)
    except msgspec.DecodeError as error:
        raise TradectlError(f"{path.name} is no evidence: {error}", "", ExitCode.BAD_INPUT) from error
    if found.release != version:
        raise TradectlError(f"{path.name} is of {found.release}, not of {version}", "", ExitCode.CHECK_FAILED)
    return found
