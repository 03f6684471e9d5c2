"""Who is old when, and what is told of what is new."""

from itertools import permutations

import pytest

from tradectl.errors import ExitCode, TradectlError
from tradectl.release.beside.earlier import Earlier
from tradectl.release.beside.news import News, without_words
from tradectl.release.beside.phases import phases
from tradectl.release.beside.run import Done, Report, refuse, said
from tradectl.release.record import Mark, Migration
from tradectl.stack.topology import SERVICES

V1 = Earlier("v1.0.0", "abc")


def news(*migrations: Migration) -> News:
    return News(list(migrations), added=["order_filled 2"], gone=[], changed=[])


def migration(mark: Mark) -> Migration:
    return Migration(service="auth", revision="0009_more", mark=mark)


def test_in_the_first_phase_each_service_runs_beside_itself() -> None:
    first, *_ = phases(SERVICES)
    assert first.old == {f"{each}@2" for each in SERVICES}


@pytest.mark.parametrize(("one", "other"), list(permutations(SERVICES, 2)))
def test_each_two_services_meet_with_the_first_old_and_the_second_new(one: str, other: str) -> None:
    _, *rest = phases(SERVICES)
    assert any({one, f"{one}@2"} <= each.old and not {other, f"{other}@2"} & each.old for each in rest)


def test_two_services_take_two_phases_after_the_first() -> None:
    assert [sorted(each.old) for each in phases(["a", "b"])] == [["a@2", "b@2"], ["b", "b@2"], ["a", "a@2"]]


def test_a_migration_that_contracts_is_a_conflict_and_one_that_expands_is_none() -> None:
    refuse(Report(V1, news(migration("expand"))))
    with pytest.raises(TradectlError, match="auth 0009_more contracts") as caught:
        refuse(Report(V1, news(migration("expand"), migration("contract"))))
    assert caught.value.exit_code is ExitCode.CONFLICT


def test_what_is_new_is_told_in_a_few_words() -> None:
    assert said(news(migration("expand"))) == "expands: auth 0009_more; events: order_filled 2"
    assert said(News([], [], [], [])) == "no migration and no event"


@pytest.mark.parametrize(
    ("why", "holds"),
    [([], False), ([[]], True), ([[], ["cash differs"]], False)],
    ids=["nothing tried", "all", "not all"],
)
def test_a_run_holds_when_something_was_tried_and_all_of_it_held(why: list[list[str]], holds: bool) -> None:
    assert Report(V1, news(), [Done("each beside itself", [], 1.0, each) for each in why]).ok is holds


def test_an_event_that_is_described_otherwise_is_the_same() -> None:
    schema = {"Order": {"description": "old words", "properties": {"id": {"description": "more", "type": "string"}}}}
    assert without_words(schema) == {"Order": {"properties": {"id": {"type": "string"}}}}
