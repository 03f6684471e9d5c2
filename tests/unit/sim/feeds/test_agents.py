"""Agents over an hour: a market that one could take for a real one."""

from statistics import median

import pytest

from sim.feeds.streams import Stream
from tests.unit.sim.feeds.hour import Alone

AGENTS = ["SBER", "GAZP", "LKOH", "YDEX"]


@pytest.mark.parametrize("symbol", AGENTS)
def test_an_hours_book_is_deep_narrow_and_never_empty_or_crossed(symbol: str) -> None:
    alone = Alone(symbol)
    alone.play(3_600)
    assert 1 <= median(alone.spreads) <= 5
    assert alone.levels >= 10
    assert len(alone.trades) > 1_000
    prices = [trade.price for trade in alone.trades]
    assert 1.001 < max(prices) / min(prices) < 1.06


@pytest.mark.parametrize("symbol", AGENTS)
@pytest.mark.parametrize("buy", [True, False])
def test_a_market_order_of_the_median_trade_moves_the_price(symbol: str, buy: bool) -> None:
    alone, touched = Alone(symbol), Alone(symbol)
    alone.play(120)
    size = int(median(trade.quantity for trade in alone.trades)) // alone.market.lot * alone.market.lot
    touched.play(120)
    assert touched.middle == alone.middle
    assert touched.market.lift(size, buy=buy) == size
    alone.play(1)
    touched.play(1)
    moved = touched.middle - alone.middle
    assert moved > 0 if buy else moved < 0


def test_the_same_seed_gives_the_same_trades() -> None:
    one, other, third = Alone("SBER"), Alone("SBER"), Alone("SBER", seed=8)
    for alone in (one, other, third):
        alone.play(60)
    assert one.trades == other.trades
    assert one.trades != third.trades


def test_lots_and_ticks_are_whole() -> None:
    alone = Alone("YDEX")
    alone.play(60)
    assert all(price % 50 == 0 for price in alone.market.bids.sizes)
    lots = Alone("SBER")
    lots.play(60)
    assert all(trade.quantity % 10 == 0 for trade in lots.trades)


def test_streams_of_different_names_are_different_and_even() -> None:
    one, other = Stream("7/SBER/noise 0"), Stream("7/SBER/noise 1")
    assert [one.below(10) for _ in range(20)] != [other.below(10) for _ in range(20)]
    counts = [0] * 10
    for _ in range(10_000):
        counts[one.below(10)] += 1
    assert min(counts) > 880
    assert max(counts) < 1_120
