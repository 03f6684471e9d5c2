from datetime import UTC, datetime

import pytest

from tests.unit.tradectl.release.records import release
from tradectl.release.closures import Closures, Freeze
from tradectl.release.evidence import NEEDED, Evidence, Kind, missing
from tradectl.release.gates import Asked, going_back, standing
from tradectl.release.record import Migration, Release

OPEN = Closures("any")
NOW = datetime(2026, 11, 30, 15, tzinfo=UTC)
LATER, BEFORE = "2026-11-30T13:00:00Z", "2026-11-30T11:00:00Z"
FIRST = Migration(service="orders", revision="0001_first", mark="expand")
LESS = Migration(service="orders", revision="0002_less", mark="contract")
MORE = Migration(service="orders", revision="0003_more", mark="expand")
ONE = release("1.0.0", FIRST)
TWO = release("1.1.0", FIRST, LESS)
THREE = release("1.2.0", FIRST, LESS, MORE)


def evidence(kind: Kind, place: str, *, ok: bool = True, at: str = LATER, of: Release = ONE) -> Evidence:
    return Evidence(kind=kind, release=of.version, environment=place, ok=ok, at=at, said="3 of 117 failed")


def all_for(environment: str, of: Release = ONE) -> list[Evidence]:
    return [evidence(kind, place, of=of) for kind, place in NEEDED[environment]]


def asked(environment: str, what: Release = ONE, there: Release | None = None, before: str | None = "1.0.0") -> Asked:
    return Asked(environment=environment, release=what, there=there, before=before)


@pytest.mark.parametrize("environment", NEEDED)
def test_with_everything_seen_nothing_stands_in_the_way(environment: str) -> None:
    assert standing(asked(environment), all_for(environment), OPEN, NOW) == []


@pytest.mark.parametrize("environment", NEEDED)
def test_each_thing_that_was_not_seen_is_named(environment: str) -> None:
    seen = all_for(environment)
    for left_out in seen:
        (said,) = missing(environment, ONE, [each for each in seen if each is not left_out])
        assert said.startswith(left_out.kind.value)
        assert said.endswith("not seen yet")


def test_what_was_seen_of_another_release_or_before_it_was_built_does_not_count() -> None:
    others = all_for("dev", TWO)
    assert missing("dev", ONE, others) == ["scans: not seen yet"]
    early = [evidence(Kind.SCANS, "", at=BEFORE)]
    assert missing("dev", ONE, early) == ["scans: seen before the release was built"]


def test_the_last_look_counts() -> None:
    bad = evidence(Kind.SCANS, "", ok=False, at="2026-11-30T12:30:00Z")
    assert missing("dev", ONE, [bad]) == ["scans: 3 of 117 failed"]
    assert missing("dev", ONE, [bad, evidence(Kind.SCANS, "")]) == []


def test_a_release_goes_through_the_environments_before() -> None:
    (said,) = standing(asked("prod", before="0.9.0"), all_for("prod"), OPEN, NOW)
    assert said == "stage has 0.9.0: a release goes through dev and stage first"


def test_a_frozen_environment_takes_nothing() -> None:
    frozen = Closures("dev", Freeze(by="Ann", why="quarter's end"))
    assert standing(asked("dev"), all_for("dev"), frozen, NOW) == ["dev is frozen by Ann: quarter's end"]


def test_what_expands_behind_a_contract_waits_for_the_release_between() -> None:
    (said,) = standing(asked("dev", THREE, ONE), all_for("dev", THREE), OPEN, NOW)
    assert said == "orders 0003_more stands behind a contract that 1.0.0 has not run: deploy what is between"
    assert standing(asked("dev", THREE, TWO), all_for("dev", THREE), OPEN, NOW) == []


def test_one_does_not_go_back_over_a_contract_and_is_told_the_way_forward() -> None:
    (said,) = going_back(TWO, ONE)
    assert said.startswith("1.1.0 has contracted what 1.0.0 needs (orders 0002_less)")
    assert "mend it in a release after 1.1.0" in said
    assert going_back(ONE, ONE) == []
