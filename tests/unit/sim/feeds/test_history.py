"""The thirty days behind the start."""

from itertools import pairwise

import pytest

from services.contracts.clock import DAY, HOUR, MINUTE
from services.contracts.times import from_rfc3339
from sim.feeds.history import BEHIND, History
from sim.listings import listings
from sim.venue.setup import Setup, history_of

ORIGIN = from_rfc3339("2024-08-08T07:10:00Z")


def history(symbol: str, seed: int = 7) -> History:
    return history_of(Setup(seed=seed, origin=ORIGIN), listings()[symbol])


@pytest.mark.parametrize("symbol", list(listings()))
def test_minutes_lie_without_a_hole_in_each_session_up_to_the_start(symbol: str) -> None:
    bars = history(symbol).bars(ORIGIN - BEHIND, ORIGIN)
    assert bars[-1].start == ORIGIN - MINUTE
    steps = {after.start - before.start for before, after in pairwise(bars)}
    night = DAY - 13 * HOUR - 40 * MINUTE + MINUTE
    assert steps <= {MINUTE, night, night + 2 * DAY}
    assert all(bar.historical for bar in bars)


@pytest.mark.parametrize("symbol", list(listings()))
def test_the_last_close_is_where_the_market_starts(symbol: str) -> None:
    past = history(symbol)
    assert past.bars(ORIGIN - MINUTE, ORIGIN)[0].close == past.price
    low, high = past.instrument.band(past.reference)
    assert low < past.price < high


def test_a_part_of_it_is_the_same_as_that_part_of_the_whole() -> None:
    whole = history("SBER").bars(ORIGIN - 5 * DAY, ORIGIN)
    start, end = ORIGIN - 3 * DAY, ORIGIN - 2 * DAY
    assert history("SBER").bars(start, end) == [bar for bar in whole if start <= bar.start < end]


def test_another_seed_draws_another_history_of_agents() -> None:
    assert history("SBER", 1).bars(ORIGIN - HOUR, ORIGIN) != history("SBER", 2).bars(ORIGIN - HOUR, ORIGIN)


def test_real_days_are_those_of_the_package() -> None:
    past = history("AAPL")
    yesterday = past.bars(ORIGIN - DAY - ORIGIN % DAY, ORIGIN - ORIGIN % DAY)
    yesterday = [bar for bar in past.bars(ORIGIN - DAY, ORIGIN) if bar.start < ORIGIN - ORIGIN % DAY]
    # 2012-08-07: 622.77, 625.00, 618.04, 620.91
    assert yesterday[-1].close == 62_091
    assert past.reference == 62_091


def test_nothing_lies_after_the_start_or_thirty_days_before_it() -> None:
    bars = history("BTCUSDT").bars(0, ORIGIN + DAY)
    assert (bars[0].start, bars[-1].start) == (ORIGIN - BEHIND, ORIGIN - MINUTE)
    assert len(bars) == 30 * 24 * 60
