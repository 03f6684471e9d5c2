"""Five classic strategies, each fed bar by bar; all numbers here are analytics, never money, hence floats.

SMA and EMA cross (20 and 50), RSI 14 (Wilder), MACD 12/26/9 (Appel), Bollinger bands 20/2.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple, Protocol

from talipp.indicators import BB, EMA, MACD, RSI, SMA
from talipp.indicators.Indicator import Indicator

Side = Literal["buy", "sell"]
Name = Literal["sma_cross", "ema_cross", "rsi", "macd", "bollinger"]
FAST, SLOW = 20, 50
OVERSOLD, OVERBOUGHT = 30.0, 70.0
ENOUGH, MOST = 100, 400
"""Values of which an indicator makes its next one, with room; it keeps all it ever saw unless told not to."""


class Sighting(NamedTuple):
    """What a strategy saw: its side, how strong from 0 to 100, and the numbers that it goes by."""

    side: Side
    strength: int
    numbers: Mapping[str, float]


class Strategy(Protocol):
    """Takes closes one after another and says when it sees something."""

    def add(self, close: float) -> Sighting | None:
        """The next close, in whole units of the currency."""


class Cross:
    """The fast average crosses the slow one."""

    def __init__(self, average: Callable[[int], Any]) -> None:
        self._fast, self._slow = average(FAST), average(SLOW)
        self._above: bool | None = None

    def add(self, close: float) -> Sighting | None:
        feed(self._fast, close)
        feed(self._slow, close)
        fast, slow = self._fast[-1], self._slow[-1]
        if fast is None or slow is None or fast == slow:
            return None
        before, self._above = self._above, fast > slow
        if before is None or before == self._above:
            return None
        # A cross far from the price's own average comes with momentum.
        strength = scaled(abs(close - slow) / slow, 0.01)
        return Sighting("buy" if self._above else "sell", strength, {"fast": fast, "slow": slow, "close": close})


class RelativeStrength:
    """RSI leaves its overbought or oversold zone's border behind, inwards."""

    def __init__(self) -> None:
        self._rsi = RSI(14)
        self._before: float | None = None

    def add(self, close: float) -> Sighting | None:
        feed(self._rsi, close)
        now, before = self._rsi[-1], self._before
        self._before = now
        if now is None or before is None:
            return None
        if before >= OVERSOLD > now:
            return Sighting("buy", scaled(OVERSOLD - now, 15), {"rsi": now, "before": before})
        if before <= OVERBOUGHT < now:
            return Sighting("sell", scaled(now - OVERBOUGHT, 15), {"rsi": now, "before": before})
        return None


class Convergence:
    """MACD crosses its signal line."""

    def __init__(self) -> None:
        self._macd = MACD(12, 26, 9)
        self._above: bool | None = None

    def add(self, close: float) -> Sighting | None:
        feed(self._macd, close)
        now = self._macd[-1]
        if now is None or now.signal is None or not now.histogram:
            return None
        before, self._above = self._above, now.histogram > 0
        if before is None or before == self._above:
            return None
        strength = scaled(abs(now.macd) / close, 0.005)
        return Sighting("buy" if self._above else "sell", strength, {"macd": now.macd, "signal": now.signal})


class Bands:
    """The close leaves the Bollinger bands."""

    def __init__(self) -> None:
        self._bands = BB(20, 2)
        self._outside = False

    def add(self, close: float) -> Sighting | None:
        feed(self._bands, close)
        bands = self._bands[-1]
        if bands is None or bands.ub == bands.lb:
            return None
        before, self._outside = self._outside, not bands.lb <= close <= bands.ub
        if before or not self._outside:
            return None
        beyond = max(bands.lb - close, close - bands.ub) / (bands.ub - bands.lb)
        numbers = {"close": close, "lower": bands.lb, "upper": bands.ub}
        return Sighting("buy" if close < bands.lb else "sell", scaled(beyond, 0.5), numbers)


def feed(indicator: Indicator, close: float) -> None:
    """The next value, and no more of the past than is needed."""
    indicator.add(close)
    if len(indicator) > MOST:
        indicator.purge_oldest(len(indicator) - ENOUGH)


def scaled(amount: float, full: float) -> int:
    """0 to 100: how much of a full move it is; never 0, since something was seen."""
    return max(1, min(100, round(100 * amount / full)))


STRATEGIES: Mapping[Name, Callable[[], Strategy]] = {
    "sma_cross": lambda: Cross(SMA),
    "ema_cross": lambda: Cross(EMA),
    "rsi": RelativeStrength,
    "macd": Convergence,
    "bollinger": Bands,
}
