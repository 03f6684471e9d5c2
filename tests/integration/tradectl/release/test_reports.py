"""Reports become evidence of the release that was there, and of no other."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.integration.tradectl.release import repositories
from tests.unit.tradectl.release.records import release
from tradectl.errors import ExitCode, TradectlError
from tradectl.release.environments import Environments
from tradectl.release.evidence import Evidence, Kind
from tradectl.release.reports import Seen, taken
from tradectl.release.scans import report as scans
from tradectl.release.scans.finding import Scan

ONE, TWO = release("1.0.0"), release("1.1.0")


def moment(**later: float) -> str:
    """Of wall time: the repository's commits have no other."""
    return (datetime.now(UTC) + timedelta(**later)).isoformat(timespec="seconds")


@pytest.fixture
def environments(tmp_path: Path) -> Environments:
    found = repositories.environments(tmp_path)
    found.keep(ONE)
    found.keep(TWO)
    found.deploy("dev", ONE, "")
    return found


@pytest.fixture
def take(environments: Environments, tmp_path: Path) -> Any:
    def taking(kind: Kind, document: Any, **more: Any) -> Evidence:
        file = tmp_path / "report.json"
        file.write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
        wanted = Seen(kind=kind, environment="" if kind is Kind.SCANS else "dev", file=file, **more)
        return taken(wanted, ONE, environments)

    return taking


def scenarios(**more: Any) -> dict[str, Any]:
    outcomes = [{"name": "first-fill", "status": "held"}, {"name": "a-kill", "status": "skipped"}]
    return {"ok": True, "began": moment(minutes=1), "seconds": 9.0, "outcomes": outcomes, **more}


def load(**more: Any) -> dict[str, Any]:
    verdicts = [{"threshold": "p99<200ms", "measured": "81.0 ms", "holds": True}]
    figures = {"rate": 50.0, "duration": 60.0, "shape": "steady", "verdicts": verdicts, "audit": {"clean": True}}
    return {"ok": True, "began": moment(minutes=1), **figures, **more}


def test_scenarios_that_held_are_evidence(take: Any) -> None:
    seen = take(Kind.SCENARIOS, scenarios(), standard=["first-fill", "a-kill"])
    assert (seen.ok, seen.said, seen.environment, seen.release) == (True, "1 held, 1 skipped", "dev", "1.0.0")
    assert len(seen.report) == 64


def test_a_failure_is_evidence_too(take: Any) -> None:
    assert not take(Kind.SCENARIOS, scenarios(ok=False)).ok
    nothing = [{"name": "a-kill", "status": "skipped"}]
    assert not take(Kind.SCENARIOS, scenarios(outcomes=nothing)).ok


def test_the_standard_set_is_run_whole(take: Any) -> None:
    with pytest.raises(TradectlError, match="margin and 1 more was not run"):
        take(Kind.SCENARIOS, scenarios(), standard=["first-fill", "a-kill", "margin", "ticks"])


def test_a_load_that_held_its_thresholds_is_evidence_with_its_figures(take: Any) -> None:
    seen = take(Kind.LOAD, load())
    assert seen.said == "50/s for 60 s, p99<200ms: 81.0 ms"


def test_a_load_that_was_held_to_nothing_is_refused(take: Any) -> None:
    with pytest.raises(TradectlError, match="held to no threshold"):
        take(Kind.LOAD, load(verdicts=[]))


def test_a_soak_takes_its_time_and_leaves_the_books_in_order(take: Any) -> None:
    with pytest.raises(TradectlError, match="60 s of steady is no soak of 1800 s"):
        take(Kind.SOAK, load())
    long = load(shape="soak", duration=1_800.0)
    assert take(Kind.SOAK, long).ok
    assert not take(Kind.SOAK, {**long, "audit": None}).ok
    assert take(Kind.SOAK, load(shape="soak", duration=60.0), soak=60.0).ok


def test_what_was_seen_before_the_release_was_there_is_refused(take: Any) -> None:
    with pytest.raises(TradectlError, match=r"before 1\.0\.0 was there") as refused:
        take(Kind.LOAD, load(began=moment(hours=-1)))
    assert refused.value.exit_code is ExitCode.CONFLICT


def test_what_was_seen_of_another_release_is_refused(take: Any, environments: Environments) -> None:
    environments.deploy("dev", TWO, "")
    with pytest.raises(TradectlError, match=r"dev has 1\.1\.0, not 1\.0\.0"):
        take(Kind.LOAD, load())


@pytest.mark.parametrize("text", [b"", b"[]", b"no", b'{"ok": true}', b'{"ok": true, "began": "2026-11-30T12:00:00Z"}'])
@pytest.mark.parametrize("kind", [Kind.SCENARIOS, Kind.LOAD, Kind.SOAK])
def test_what_is_no_report_is_refused(take: Any, kind: Kind, text: bytes) -> None:
    with pytest.raises(TradectlError, match=f"is no report of {kind.value}") as refused:
        take(kind, text)
    assert refused.value.exit_code is ExitCode.BAD_INPUT


def scan(**more: Any) -> bytes:
    whole: dict[str, Any] = {
        "commit": ONE.commit,
        "at": "2026-11-30T13:00:00Z",
        "scans": list(Scan),
        "open": [],
        "accepted": [],
    }
    return scans.encoded(scans.Report(**{**whole, **more}))


def test_scans_of_the_releases_own_commit_are_evidence_of_no_place(take: Any) -> None:
    seen = take(Kind.SCANS, scan())
    assert (seen.ok, seen.environment, seen.said) == (True, "", "5 scans, 0 findings, 0 accepted")


@pytest.mark.parametrize("more", [{"commit": "d" * 40}, {"changed": ["tradectl/errors.py"]}], ids=str)
def test_scans_of_something_else_are_refused(take: Any, more: dict[str, Any]) -> None:
    with pytest.raises(TradectlError, match="the scans are of"):
        take(Kind.SCANS, scan(**more))


def test_scans_are_all_or_nothing(take: Any) -> None:
    with pytest.raises(TradectlError, match="secrets was not scanned"):
        take(Kind.SCANS, scan(scans=[each for each in Scan if each is not Scan.SECRETS]))


def test_scans_from_before_the_build_are_refused(take: Any) -> None:
    with pytest.raises(TradectlError, match=r"before 1\.0\.0 was there"):
        take(Kind.SCANS, scan(at="2026-11-30T11:00:00Z"))
