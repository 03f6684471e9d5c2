"""Real days played live."""

from statistics import median

import pytest

from services.contracts.clock import DAY, MINUTE
from sim.feeds.daily import Daily
from tests.unit.sim.feeds.hour import ORIGIN, Alone


@pytest.mark.parametrize("symbol", ["AAPL", "META"])
def test_live_trades_meet_each_minute_of_the_days_path(symbol: str) -> None:
    alone = Alone(symbol)
    alone.play(600)
    assert isinstance(alone.feed, Daily)
    bars = {bar.start: bar for bar in alone.feed.history.whole_day(ORIGIN - ORIGIN % DAY)}
    for minute in range(ORIGIN, ORIGIN + 600_000_000 - MINUTE, MINUTE):
        trades = [trade for trade in alone.trades if minute <= trade.time < minute + MINUTE]
        prices, bar = [trade.price for trade in trades], bars[minute]
        assert (prices[0], max(prices), min(prices), prices[-1]) == (bar.open, bar.high, bar.low, bar.close)
        assert sum(trade.quantity for trade in trades) == bar.volume


def test_the_book_around_it_is_deep_and_narrow() -> None:
    alone = Alone("IBM")
    alone.play(600)
    assert 1 <= median(alone.spreads) <= 5
    assert alone.levels >= 10


def test_it_goes_on_where_it_was_saved() -> None:
    alone, again = Alone("MSFT"), Alone("MSFT")
    alone.play(90)
    again.feed.load(alone.feed.save(), alone.market)
    again.market, again.now = alone.market, alone.now
    alone.trades.clear()
    again.play(30)
    whole = Alone("MSFT")
    whole.play(120)
    assert [t.price for t in again.trades] == [t.price for t in whole.trades if t.time > ORIGIN + 90_000_000 - 250_000]
