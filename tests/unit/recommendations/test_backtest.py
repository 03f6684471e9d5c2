import random
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from services.contracts import money
from services.contracts.instruments import Instrument
from services.recommendations.domain.backtest import LENGTH, Point, Trial, affordable, hit_rate, thinned
from services.recommendations.domain.record import Candle, Close
from services.recommendations.domain.strategies import STRATEGIES, Name
from services.recommendations.domain.watch import Watch
from tests.instruments import AAPL, BTCUSDT
from tests.unit.recommendations.paths import STEP

COIN = replace(BTCUSDT, lot=10)
NAMES = st.sampled_from(list(STRATEGIES))
SEEDS = st.integers(0, 10_000)


def path(bars: int, seed: int = 1) -> list[Candle]:
    """Bars around 100.00 that open elsewhere than the one before has closed."""
    drawn, price, made = random.Random(seed), 10_000.0, list[Candle]()
    for place in range(bars):
        opened = price * (1 + drawn.gauss(0, 0.001))
        price *= 1 + drawn.gauss(0, 0.003)
        made.append(Candle(place * STEP, round(opened), round(price)))
    return made


def tried(name: Name, bars: list[Candle], since: int = 0, terms: Instrument = AAPL) -> Trial:
    trial = Trial(name, terms, since)
    for bar in bars:
        trial.add(bar)
    return trial


@given(NAMES, SEEDS, st.integers(60, 399))
@settings(max_examples=40, deadline=None)
def test_what_comes_later_changes_nothing_of_what_was(name: Name, seed: int, cut: int) -> None:
    """No look-ahead: with another future the same bars have the same trades and the same equity."""
    bars = path(400, seed)
    turned = [Candle(bar.start, 25_000 - bar.open, 25_000 - bar.close) for bar in bars[cut:]]
    one, other, short = tried(name, bars), tried(name, bars[:cut] + turned), tried(name, bars[:cut])
    assert one.points[:cut] == other.points[:cut] == short.points
    until = bars[cut].start

    def sides(trial: Trial) -> list[object]:
        fills = [fill for trip in trial.trips for fill in (trip.bought, trip.sold) if fill]
        return [fill for fill in fills if fill.time < until]

    assert sides(one) == sides(other) == sides(short)


@given(NAMES, SEEDS)
@settings(max_examples=40, deadline=None)
def test_each_fill_is_at_the_open_of_the_bar_after_its_signal(name: Name, seed: int) -> None:
    bars = path(400, seed)
    places = {bar.start: place for place, bar in enumerate(bars)}
    watch = Watch("AAPL", 2, [Close(bar.start, bar.close) for bar in bars])
    seen = {past.bar.start: past.sighting.side for past in watch.past(name)}
    trial = tried(name, bars)
    assert trial.signals == len(seen)
    for trip in trial.trips:
        for fill, side in ((trip.bought, "buy"), (trip.sold, "sell")):
            if fill is not None:
                place = places[fill.time]
                assert fill.price == bars[place].open
                assert seen[bars[place - 1].start] == side


@given(NAMES, SEEDS, st.sampled_from([AAPL, COIN]))
@settings(max_examples=40, deadline=None)
def test_the_last_equity_is_the_capital_and_what_was_earned(name: Name, seed: int, terms: Instrument) -> None:
    trial = tried(name, path(400, seed), terms=terms)
    earned = sum(trip.profit for trip in trial.trips if trip.profit is not None)
    open_trip = trial.trips[-1] if trial.held else None
    if open_trip:
        value = money.cost(open_trip.quantity * trial.closed, terms.value_scale, terms.currency)
        earned += value - open_trip.bought.cost - open_trip.bought.fee
    assert trial.points[-1].equity == trial.capital + earned
    assert trial.cash >= 0


@given(NAMES, SEEDS, st.integers(0, 300))
@settings(max_examples=40, deadline=None)
def test_bars_before_the_range_are_not_traded_on(name: Name, seed: int, first: int) -> None:
    bars = path(400, seed)
    trial = tried(name, bars, since=bars[first].start)
    assert len(trial.points) == 400 - first
    assert all(trip.bought.time > bars[first].start for trip in trial.trips)
    assert trial.hold == (bars[-1].close - bars[first].open, bars[first].open)


@given(NAMES, SEEDS)
@settings(max_examples=40, deadline=None)
def test_the_drawdown_is_the_deepest_fall_of_the_curve(name: Name, seed: int) -> None:
    trial = tried(name, path(400, seed))
    peak, deepest = trial.capital, Decimal(0)
    for point in trial.points:
        peak = max(peak, point.equity)
        deepest = max(deepest, Decimal(peak - point.equity) / peak)
    fall, height = trial.drawdown
    assert Decimal(fall) / height == deepest


@given(st.integers(1, 10**9), st.integers(1, 10**7), st.sampled_from([AAPL, COIN]))
def test_one_more_lot_would_cost_more_than_there_is(cash: int, price: int, terms: Instrument) -> None:
    def paid(quantity: int) -> int:
        cost = money.cost(quantity * price, terms.value_scale, terms.currency)
        return cost + money.fee(cost, terms.taker_fee_ppm)

    quantity = affordable(cash, price, terms)
    assert quantity % terms.lot == 0
    assert quantity == 0 or paid(quantity) <= cash < paid(quantity + 2 * terms.lot)


def test_a_hit_is_a_trip_that_earned_something() -> None:
    trial = tried("macd", path(2_000))
    profits = [trip.profit for trip in trial.trips if trip.profit is not None]
    assert hit_rate(trial.trips) == (len([profit for profit in profits if profit > 0]), len(profits))
    assert len(profits) > 5
    assert hit_rate([]) is None


def test_who_is_never_in_the_market_keeps_the_capital() -> None:
    trial = tried("rsi", [Candle(place * STEP, 10_000, 10_000) for place in range(200)])
    assert (trial.signals, trial.trips, trial.drawdown[0]) == (0, [], 0)
    assert {point.equity for point in trial.points} == {10_000_000}


@pytest.mark.parametrize(("points", "shown"), [(0, 0), (1, 1), (500, 500), (501, 251), (10_000, 500)])
def test_a_curve_is_thinned_and_keeps_its_end(points: int, shown: int) -> None:
    curve = [Point(place * LENGTH, place) for place in range(points)]
    kept = thinned(curve, 500)
    assert len(kept) == shown
    assert kept[-1:] == curve[-1:]
