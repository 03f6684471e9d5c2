"""At which level an alert waits, and what a price there makes of it."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.contracts.market import Bar, Quote
from services.notifications.domain.alerts import (
    Alert,
    Condition,
    Repeat,
    Sight,
    back_from,
    facts_of,
    reached,
    sight_of_bar,
    sight_of_quote,
    watched,
)

QUOTE = Quote(symbol="AAPL", seq=1, time=50, bid=1, bid_size=1, ask=2, ask_size=1, last=20_100, previous_close=20_000)
BAR = Bar(symbol="AAPL", interval="1m", start=60, open=5, high=9, low=3, close=7, volume=1, trades=1)
CONDITIONS: tuple[Condition, ...] = get_args(Condition)


def alert(condition: Condition = "price_above", threshold: int = 20_000, repeat: Repeat = "rearm") -> Alert:
    return Alert(
        alert_id="a1",
        user_id="ann",
        symbol="AAPL",
        currency="USD",
        price_scale=2,
        condition=condition,
        threshold=threshold,
        rearm_at=back_from(condition, threshold, 20),
        repeat=repeat,
        created=1,
        armed=True,
        watch=watched(condition, armed=True),
        level=threshold,
        since=1,
    )


def met(one: Alert, price: int) -> bool:
    """Whether the alert waits for this price."""
    if one.watch is None:
        return False
    return price >= one.level if one.watch.endswith("up") else price <= one.level


@pytest.mark.parametrize("condition", CONDITIONS)
def test_an_alert_that_fired_waits_for_the_way_back(condition: Condition) -> None:
    before = alert(condition, 500)
    waiting = reached(before, 7)
    assert (waiting.armed, waiting.fires, waiting.fired, waiting.since) == (False, 1, 7, 7)
    assert {before.watch, waiting.watch} == {f"{condition.partition('_')[0]}_{move}" for move in ("up", "down")}
    assert waiting.level == before.rearm_at != before.threshold
    again = reached(waiting, 9)
    assert again == replace(before, since=9, fired=7, fires=1)


def test_one_that_fires_once_is_done() -> None:
    done = reached(alert(repeat="once"), 7)
    assert (done.armed, done.watch, done.fires, done.fired) == (False, None, 1, 7)


def test_it_is_armed_again_by_a_little_less_however_small_the_price() -> None:
    assert back_from("price_above", 20_000, 20) == 19_960
    assert back_from("price_below", 20_000, 20) == 20_040
    assert back_from("price_above", 3, 20) == 2
    assert back_from("change_above", -100, 20) == -120
    assert back_from("change_below", -100, 20) == -80


@given(st.sampled_from(["price_above", "price_below"]), st.lists(st.integers(19_900, 20_100), max_size=60))
def test_between_two_firings_the_price_has_been_back(condition: Condition, prices: list[int]) -> None:
    one, been_back, fires = alert(condition), True, 0
    for time, price in enumerate(prices, 2):
        if met(one, price):
            fired = one.armed
            one = reached(one, time)
            if fired:
                assert been_back
                been_back, fires = False, fires + 1
        back = price <= one.rearm_at if condition == "price_above" else price >= one.rearm_at
        been_back = been_back or back
    assert one.fires == fires


@given(st.lists(st.integers(19_990, 20_010), min_size=1, max_size=60))
def test_a_price_that_stays_at_the_threshold_fires_once_at_most(prices: list[int]) -> None:
    one = alert()
    for time, price in enumerate(prices, 2):
        one = reached(one, time) if met(one, price) else one
    assert one.fires == int(max(prices) >= one.threshold)


def test_a_quote_shows_price_and_change_rounded_to_what_was_reached() -> None:
    assert sight_of_quote(QUOTE) == Sight(symbol="AAPL", time=50, high=20_100, low=20_100, rise=50, fall=50)
    seen = sight_of_quote(replace(QUOTE, last=19_999))
    assert seen is not None
    assert (seen.rise, seen.fall) == (-1, 0), "half a hundredth below the reference is not a whole one"


def test_without_a_trade_or_a_reference_less_is_seen() -> None:
    assert sight_of_quote(replace(QUOTE, last=None)) is None
    seen = sight_of_quote(replace(QUOTE, previous_close=None))
    assert seen is not None
    assert (seen.rise, seen.fall) == (None, None)


def test_of_bars_only_the_markets_own_minutes_count() -> None:
    assert sight_of_bar(BAR) == Sight(symbol="AAPL", time=60, high=9, low=3, whole=True)
    assert sight_of_bar(replace(BAR, interval="5m")) is None
    assert sight_of_bar(replace(BAR, historical=True)) is None


def test_a_firing_is_told_with_the_price_that_fired_it() -> None:
    seen = Sight(symbol="AAPL", time=60, high=20_100, low=19_900, rise=50, fall=-50)
    above, below = facts_of(alert(), seen), facts_of(alert("change_below", -50), seen)
    assert (above["price"], above["threshold"], above["currency"]) == ("201.00", "200.00", "USD")
    assert (below["price"], below["change"], below["threshold"]) == ("199.00", "-0.50", "-0.50")
