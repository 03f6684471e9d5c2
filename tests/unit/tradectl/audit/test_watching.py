"""Cuts of an audit that is made of given reports."""

from collections.abc import Iterator

import pytest

from tradectl.audit.difference import Difference
from tradectl.audit.report import Finding, Report
from tradectl.audit.watching import Audit, Cut, cuts
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes.http import UnreachableError

CLEAN = Report([], [], {"venue.executions": 0}, 0.0)


def differing(*found: tuple[str, str]) -> Report:
    return Report([Finding("r", Difference("a.b", key, "1", value)) for key, value in found], [], {}, 0.0)


def audits(*reports: Report | str) -> Audit:
    """Each in turn; a word is a part that does not answer."""
    waiting: Iterator[Report | str] = iter(reports)

    def look() -> Report:
        report = next(waiting)
        if isinstance(report, str):
            raise UnreachableError(report)
        return report

    return look


def taken(look: Audit, lasting: float = 0.0) -> list[Cut]:
    return list(cuts(look, 0.0, lasting))


def test_a_difference_that_is_gone_at_the_next_cut_does_not_stay() -> None:
    assert [cut.stays for cut in taken(audits(differing(("k", "2")), CLEAN))] == [[], []]


def test_a_difference_of_two_cuts_stays_whatever_its_values_and_ends_the_watch() -> None:
    found = taken(audits(differing(("k", "2")), differing(("k", "3"), ("other", "4"))), 60.0)
    assert [[each.difference.key for each in cut.stays] for cut in found] == [[], ["k"]]


def test_a_cut_that_is_not_read_is_told_and_proves_nothing() -> None:
    found = taken(audits(differing(("k", "2")), "orders is away", differing(("k", "2"))), 60.0)
    assert [cut.unread for cut in found] == ["", "orders is away", ""]
    assert found[-1].stays


def test_the_shortest_watch_takes_two_cuts() -> None:
    assert [cut.number for cut in taken(audits(CLEAN, CLEAN, CLEAN))] == [1, 2]


def test_a_watch_that_read_nothing_is_no_success() -> None:
    with pytest.raises(TradectlError) as raised:
        taken(audits("away"))
    assert raised.value.exit_code == ExitCode.NOT_UP
