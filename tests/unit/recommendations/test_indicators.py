"""Our indicators against a library's, and against their definitions."""

from collections.abc import Callable
from statistics import mean, pstdev
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from talipp.indicators import BB, EMA, MACD, RSI, SMA

from services.recommendations.domain.indicators import Bollinger, Ema, Macd, Rsi, Sma
from tests.unit.recommendations.paths import walk

closes = st.lists(st.integers(1, 10**9), min_size=1, max_size=120)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lambda: Sma(20), lambda: SMA(20)),
        (lambda: Sma(50), lambda: SMA(50)),
        (lambda: Ema(20), lambda: EMA(20)),
        (lambda: Ema(50), lambda: EMA(50)),
    ],
)
def test_averages_are_the_librarys(ours: Callable[[], Any], theirs: Callable[[], Any]) -> None:
    mine, other = ours(), theirs()
    for bar in walk(500):
        other.add(bar.close)
        value = mine.add(bar.close)
        assert value == (None if other[-1] is None else pytest.approx(other[-1]))


def test_macd_and_its_signal_line_are_the_librarys() -> None:
    mine, other = Macd(), MACD(12, 26, 9)
    for bar in walk(500):
        other.add(bar.close)
        value = mine.add(bar.close)
        if other[-1] is None or other[-1].signal is None:
            assert value is None
        else:
            assert value == pytest.approx((other[-1].macd, other[-1].signal))


def test_bollinger_bands_are_the_librarys() -> None:
    mine, other = Bollinger(), BB(20, 2)
    for bar in walk(500):
        other.add(bar.close)
        value = mine.add(bar.close)
        assert value == (None if other[-1] is None else pytest.approx((other[-1].lb, other[-1].ub)))


def test_rsi_becomes_the_librarys() -> None:
    """It begins by another mean (of one change less), which fades by a fourteenth with each close."""
    mine, other = Rsi(), RSI(14)
    for place, bar in enumerate(walk(500)):
        other.add(bar.close)
        value = mine.add(bar.close)
        assert (value is None) == (other[-1] is None)
        if place > 400:
            assert value == pytest.approx(other[-1])


def test_rsi_is_wilders_own_example() -> None:
    """New Concepts in Technical Trading Systems, page 66: closes, and the index from the fifteenth on."""
    example = (54.80, 56.80, 57.85, 59.85, 60.57, 61.10, 62.17, 60.60, 62.35, 62.15, 62.35, 61.45, 62.80, 61.37, 62.50)
    rsi = Rsi()
    values = [rsi.add(round(100 * close)) for close in example]
    assert values[:14] == [None] * 14
    assert values[14] == pytest.approx(74.21, abs=0.05)


@given(closes)
def test_windows_stay_exact(values: list[int]) -> None:
    average, bands = Sma(20), Bollinger()
    for place, value in enumerate(values, 1):
        found, around = average.add(value), bands.add(value)
        if place < 20:
            assert (found, around) == (None, None)
            continue
        window = values[place - 20 : place]
        assert found == pytest.approx(mean(window), rel=1e-12)
        assert around is not None
        assert around.upper - around.lower == pytest.approx(4 * pstdev(window), rel=1e-9, abs=1e-6)


@given(closes)
def test_rsi_lies_between_0_and_100_and_a_still_market_is_in_the_middle(values: list[int]) -> None:
    rsi, still = Rsi(), Rsi()
    for value in values:
        found = rsi.add(value)
        assert found is None or -1e-9 <= found <= 100 + 1e-9
        assert still.add(5) in {None, 50.0}
