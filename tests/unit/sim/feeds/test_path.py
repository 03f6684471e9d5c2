"""A day's minutes meet the day exactly, whatever the day."""

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.clock import MINUTE
from sim.feeds.path import DayBar, minute_bars
from sim.feeds.prints import prints


@st.composite
def days(draw: st.DrawFn) -> DayBar:
    low = draw(st.integers(1_000, 7_000_000))
    high = low + draw(st.integers(0, low // 5))
    opened, close = draw(st.integers(low, high)), draw(st.integers(low, high))
    return DayBar(opened, high, low, close, draw(st.integers(0, 10**8)))


@given(days(), st.sampled_from([1, 2, 3, 10, 100, 820]), st.integers())
def test_minutes_meet_open_high_low_close_and_volume(day: DayBar, count: int, seed: int) -> None:
    bars = minute_bars("AAPL", 0, count, day, 1, Random(seed))
    assert [bar.start for bar in bars] == [minute * MINUTE for minute in range(count)]
    assert (bars[0].open, bars[-1].close) == (day.open, day.close)
    assert (max(bar.high for bar in bars), min(bar.low for bar in bars)) == (day.high, day.low)
    assert sum(bar.volume for bar in bars) == day.volume
    assert all(bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high for bar in bars)
    assert all(before.close == after.open for before, after in pairwise(bars))


@given(days(), st.integers())
def test_trades_meet_their_minute(day: DayBar, seed: int) -> None:
    for bar in minute_bars("AAPL", 0, 3, day, 1, Random(seed)):
        trades = [each for each in prints(bar, MINUTE, 1, Random(seed)) if each.quantity]
        assert sum(trade.quantity for trade in trades) == bar.volume
        assert [trade.time for trade in trades] == sorted(trade.time for trade in trades)
        assert all(bar.start <= trade.time < bar.start + MINUTE for trade in trades)
        if bar.volume and bar.volume >= 4 * bar.trades:
            prices = [trade.price for trade in trades]
            assert (prices[0], max(prices), min(prices), prices[-1]) == (bar.open, bar.high, bar.low, bar.close)


@given(days(), st.integers(0, 100))
def test_the_same_seed_draws_the_same_path(day: DayBar, seed: int) -> None:
    assert minute_bars("A", 0, 50, day, 1, Random(seed)) == minute_bars("A", 0, 50, day, 1, Random(seed))
