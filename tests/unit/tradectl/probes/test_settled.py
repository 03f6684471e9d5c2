"""What the settled pages say together."""

from collections.abc import Mapping
from typing import Any

import pytest

from tradectl.errors import ExitCode, TradectlError
from tradectl.probes.settled import Settled, await_rest, look_of, unsettled

QUIET = {"unpublished": 0, "queued": 0, "waiting": 0, "dead": 0, "done": {"told": 5, "taken": 7}, "time": 100}
NUMBERS = {"next_out": 4, "next_in": 9}
BACK = {"next_out": 9, "next_in": 4}


def pages(**changed: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """A platform at rest, but for what is changed."""
    found: dict[str, dict[str, Any]] = {
        "clock": {"time": 100, "stands": True, "due": None},
        "venue": {"time": 98, "behind": 0, "seqs": {"AAPL": 3, "SBER": 8}, "done": {"commands": 2}},
        "broker": {"unsent:ORDERS": 0, "numbers:ORDERS": BACK},
        "orders": {**QUIET, "unsent": 0, "unfetched": 0, "numbers": NUMBERS},
        "market_data": {**QUIET, "unkept": 0, "untold": 0, "seqs": {"AAPL": 3, "SBER": 8}},
        "notifications": {**QUIET, "mails": 0},
        "recommendations": {**QUIET, "closing": 0},
    }
    for part, change in changed.items():
        found[part] = {**found[part], **change}
    return found


def test_nothing_is_under_way_in_a_platform_at_rest() -> None:
    assert look_of(pages()).under_way == {}


@pytest.mark.parametrize(
    ("part", "change", "found"),
    [
        ("orders", {"unpublished": 2}, {"orders.unpublished": 2}),
        ("market_data", {"queued": 1}, {"market_data.queued": 1}),
        ("orders", {"unsent": 1}, {"orders.unsent": 1}),
        ("broker", {"unsent:ORDERS": 3}, {"broker.unsent:ORDERS": 3}),
        ("orders", {"numbers": {"next_out": 6, "next_in": 9}}, {"orders.on the wire": 2}),
        ("broker", {"numbers:ORDERS": {"next_out": 10, "next_in": 4}}, {"broker.on the wire": 1}),
        ("orders", {"away": 1}, {"orders.away": 1}),
    ],
)
def test_what_the_books_wait_for_is_under_way_however_time_goes(
    part: str, change: dict[str, Any], found: dict[str, int]
) -> None:
    for clock in ({"stands": True}, {"stands": False}):
        for books_only in (True, False):
            assert look_of(pages(clock=clock, **{part: change}), books_only=books_only).under_way == found


@pytest.mark.parametrize(
    ("part", "change", "found"),
    [
        ("venue", {"behind": 4}, {"venue.behind": 4}),
        ("market_data", {"unkept": 1}, {"market_data.unkept": 1}),
        ("market_data", {"seqs": {"AAPL": 3, "SBER": 7}}, {"market_data.unseen": 1}),
        ("orders", {"time": 99}, {"orders.time": 1}),
    ],
)
def test_a_market_that_stands_is_followed_to_its_end_and_one_that_runs_is_not_waited_for(
    part: str, change: dict[str, Any], found: dict[str, int]
) -> None:
    assert look_of(pages(**{part: change})).under_way == found
    assert look_of(pages(**{part: change}), books_only=True).under_way == {}
    assert look_of(pages(clock={"stands": False}, **{part: change})).under_way == {}


def test_mail_is_waited_for_by_who_waits_for_everything() -> None:
    posting = pages(notifications={"mails": 2})
    assert look_of(posting).under_way == {"notifications.mails": 2}
    assert look_of(posting, books_only=True).under_way == {}


class Scripted(Settled):
    """Pages that were written down before."""

    def __init__(self, *looks: dict[str, dict[str, Any]]) -> None:
        super().__init__({}, "key")
        self.looks = list(looks)

    def pages(self) -> dict[str, dict[str, Any]]:
        return self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]


def test_one_look_proves_nothing_and_two_that_agree_do() -> None:
    settled = Scripted(pages())
    assert (settled(), settled()) == (None, True)


def test_two_quiet_looks_between_which_something_was_done_do_not_agree() -> None:
    busier = pages(orders={"done": {"told": 6, "taken": 7}})
    settled = Scripted(pages(), busier, busier)
    assert (settled(), settled(), settled()) == (None, None, True)


def test_what_never_comes_to_rest_is_named() -> None:
    with pytest.raises(TradectlError) as caught:
        await_rest(Scripted(pages(orders={"unpublished": 1})), 0.01, hint="--timeout")
    assert caught.value.message == "not at rest within 0.01 s: 1 orders.unpublished"
    assert (caught.value.hint, caught.value.exit_code) == ("--timeout", ExitCode.TIMEOUT)


def test_everything_that_is_under_way_is_named() -> None:
    error = unsettled({"portfolio.queued": 2, "orders.unpublished": 1}, 30)
    assert error.message == "not at rest within 30 s: 1 orders.unpublished, 2 portfolio.queued"
    assert "something new" in unsettled({}, 30).message


def test_dead_letters_and_parts_that_are_away_are_not_waited_for_any_longer() -> None:
    assert "tradectl dlq" in unsettled({"chat.dead": 1}, 30).hint
    assert "tradectl ps" in unsettled({"chat.away": 1}, 30).hint
