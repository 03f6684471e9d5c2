"""Five classic strategies, each fed bar by bar; all numbers here are analytics, never money, hence floats.

SMA and EMA cross (20 and 50), RSI 14 (Wilder), MACD 12/26/9 (Appel), Bollinger bands 20/2.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Literal, NamedTuple, Protocol

from services.recommendations.domain.indicators import Bollinger, Ema, Macd, Rsi, Sma

Side = Literal["buy", "sell"]
Name = Literal["sma_cross", "ema_cross", "rsi", "macd", "bollinger"]
FAST, SLOW = 20, 50
OVERSOLD, OVERBOUGHT = 30.0, 70.0


class Sighting(NamedTuple):
    """What a strategy saw: its side, how strong from 0 to 100, and the numbers that it goes by."""

    side: Side
    strength: int
    numbers: Mapping[str, float]


class Strategy(Protocol):
    """Takes closes one after another and says when it sees something."""

    def add(self, close: int) -> Sighting | None:
        """The next close, in the instrument's price scale."""


class Average(Protocol):
    """A mean that slides or fades."""

    def add(self, value: int) -> float | None: ...


class Cross:
    """The fast average crosses the slow one."""

    def __init__(self, average: Callable[[int], Average], unit: float) -> None:
        self._fast, self._slow = average(FAST), average(SLOW)
        self._above: bool | None = None
        self._unit = unit

    def add(self, close: int) -> Sighting | None:
        fast, slow = self._fast.add(close), self._slow.add(close)
        if fast is None or slow is None or fast == slow:
            return None
        before, self._above = self._above, fast > slow
        if before is None or before == self._above:
            return None
        # A cross far from the price's own average comes with momentum.
        strength, unit = scaled(abs(close - slow) / slow, 0.01), self._unit
        numbers = {"fast": fast / unit, "slow": slow / unit, "close": close / unit}
        return Sighting("buy" if self._above else "sell", strength, numbers)


class RelativeStrength:
    """RSI goes below its oversold or above its overbought border."""

    def __init__(self, _: float) -> None:
        self._rsi = Rsi()
        self._before: float | None = None

    def add(self, close: int) -> Sighting | None:
        now, before = self._rsi.add(close), self._before
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

    def __init__(self, unit: float) -> None:
        self._macd = Macd()
        self._above: bool | None = None
        self._unit = unit

    def add(self, close: int) -> Sighting | None:
        now = self._macd.add(close)
        if now is None or now[0] == now[1]:
            return None
        macd, signal = now
        before, self._above = self._above, macd > signal
        if before is None or before == self._above:
            return None
        strength = scaled(abs(macd) / close, 0.005)
        numbers = {"macd": macd / self._unit, "signal": signal / self._unit}
        return Sighting("buy" if self._above else "sell", strength, numbers)


class Outbreak:
    """The close leaves the Bollinger bands."""

    def __init__(self, unit: float) -> None:
        self._bands = Bollinger()
        self._outside = False
        self._unit = unit

    def add(self, close: int) -> Sighting | None:
        bands = self._bands.add(close)
        if bands is None or bands.upper == bands.lower:
            return None
        before, self._outside = self._outside, not bands.lower <= close <= bands.upper
        if before or not self._outside:
            return None
        beyond = max(bands.lower - close, close - bands.upper) / (bands.upper - bands.lower)
        unit = self._unit
        numbers = {"close": close / unit, "lower": bands.lower / unit, "upper": bands.upper / unit}
        return Sighting("buy" if close < bands.lower else "sell", scaled(beyond, 0.5), numbers)


def scaled(amount: float, full: float) -> int:
    """0 to 100: how much of a full move it is; never 0, since something was seen."""
    return max(1, min(100, round(100 * amount / full)))


STRATEGIES: Mapping[Name, Callable[[float], Strategy]] = {
    "sma_cross": partial(Cross, Sma),
    "ema_cross": partial(Cross, Ema),
    "rsi": RelativeStrength,
    "macd": Convergence,
    "bollinger": Outbreak,
}
"""Each is made with the instrument's unit: so many of the price scale make one of the currency."""
