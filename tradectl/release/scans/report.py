"""All scans of a commit, and what they come to."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec

from tradectl.errors import ExitCode, TradectlError
from tradectl.release.git import Repository
from tradectl.release.scans import accepted
from tradectl.release.scans.charts import charts
from tradectl.release.scans.code import code
from tradectl.release.scans.dependencies import dependencies
from tradectl.release.scans.dockerfiles import dockerfiles
from tradectl.release.scans.finding import Finding, Scan, Scanned
from tradectl.release.scans.secrets import secrets

FILE = "scans.json"
Told = Callable[[Scan, Scanned, float], None]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """``at`` is when they began, RFC 3339; ``changed`` are files that were not as the commit has them."""

    commit: str
    at: str
    scans: list[Scan]
    open: list[Finding]
    accepted: list[Finding]
    expired: list[str] = []
    idle: list[str] = []
    notes: list[str] = []
    changed: list[str] = []

    @property
    def ok(self) -> bool:
        return not self.open

    @property
    def said(self) -> str:
        """In a few words, with the figures."""
        return f"{len(self.scans)} scans, {len(self.open)} findings, {len(self.accepted)} accepted"


def scan(root: Path, wanted: Sequence[Scan], told: Told, schemas: Path | None = None) -> Report:
    """Side by side; the longest takes half a minute."""
    ways: Mapping[Scan, Callable[[Path], Scanned]] = {
        Scan.CODE: code,
        Scan.DEPENDENCIES: dependencies,
        Scan.SECRETS: secrets,
        Scan.DOCKERFILES: dockerfiles,
        Scan.CHARTS: partial(charts, schemas=schemas),
    }
    repository, began = Repository(root), datetime.now(UTC)
    said = accepted.read(root)

    def one(which: Scan) -> Scanned:
        done = ways[which](root)
        told(which, done, (datetime.now(UTC) - began).total_seconds())
        return done

    with ThreadPoolExecutor(max_workers=2) as pool:
        done = list(pool.map(one, wanted))
    judged = accepted.judged([each for one in done for each in one.findings], said, began.date())
    return Report(
        commit=repository.commit,
        at=began.isoformat(timespec="seconds").replace("+00:00", "Z"),
        scans=list(wanted),
        open=list(judged.open),
        accepted=list(judged.accepted),
        expired=list(judged.expired),
        idle=[each for each in judged.idle if each.split()[0] in wanted],
        notes=[note for one in done for note in one.notes],
        changed=repository.changes(),
    )


def encoded(report: Report) -> bytes:
    return msgspec.json.format(msgspec.json.encode(report, order="sorted"), indent=1) + b"\n"


def decoded(text: bytes) -> Report:
    """TradectlError for what is no report of scans."""
    try:
        return msgspec.json.decode(text, type=Report)
    except msgspec.DecodeError as error:
        hint = "`tradectl release scan --into FOLDER` writes scans.json"
        raise TradectlError(f"this is no report of scans: {error}", hint, ExitCode.BAD_INPUT) from error
