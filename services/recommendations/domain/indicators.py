"""Indicators fed value by value; each keeps only what its next value is made of.

Closes are integers in the instrument's price scale, so that sums over a window are exact however long it slides.
"""

from collections import deque
from math import sqrt
from typing import NamedTuple


class Sma:
    """The mean of the last values."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._window: deque[int] = deque()
        self._sum = 0

    def add(self, value: int) -> float | None:
        """None until there are enough."""
        self._window.append(value)
        self._sum += value
        if len(self._window) > self._length:
            self._sum -= self._window.popleft()
        return self._sum / self._length if len(self._window) == self._length else None


class Ema:
    """The exponential mean with the factor 2 / (length + 1), begun by the plain mean of the first values."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._factor = 2 / (length + 1)
        self._count = 0
        self._value = 0.0

    def add(self, value: float) -> float | None:
        """None until there are enough."""
        if self._count >= self._length:
            self._value += self._factor * (value - self._value)
            return self._value
        self._count += 1
        self._value += (value - self._value) / self._count
        return self._value if self._count == self._length else None


class Rsi:
    """Wilder's relative strength index (New Concepts in Technical Trading Systems, 1978): 0 to 100."""

    def __init__(self, length: int = 14) -> None:
        self._length = length
        self._before: int | None = None
        self._count = 0
        self._gain = self._loss = 0.0

    def add(self, value: int) -> float | None:
        """None until there are enough changes."""
        before, self._before = self._before, value
        if before is None:
            return None
        change = value - before
        if self._count < self._length:
            self._count += 1
        # The plain mean of the first changes, smoothed by 1 / length from then on.
        self._gain += (max(change, 0) - self._gain) / self._count
        self._loss += (max(-change, 0) - self._loss) / self._count
        if self._count < self._length:
            return None
        moved = self._gain + self._loss
        return 100 * self._gain / moved if moved else 50.0


class Macd:
    """Appel's moving average convergence and divergence, with its signal line."""

    def __init__(self, fast: int = 12, slow: int = 26, signal: int = 9) -> None:
        self._fast, self._slow, self._signal = Ema(fast), Ema(slow), Ema(signal)

    def add(self, value: int) -> tuple[float, float] | None:
        """MACD and signal line; None until there are enough."""
        fast, slow = self._fast.add(value), self._slow.add(value)
        if fast is None or slow is None:
            return None
        signal = self._signal.add(fast - slow)
        return None if signal is None else (fast - slow, signal)


class Bands(NamedTuple):
    """Bollinger's."""

    lower: float
    upper: float


class Bollinger:
    """The mean of the last values less and plus so many of their standard deviations (of the population)."""

    def __init__(self, length: int = 20, deviations: float = 2) -> None:
        self._length = length
        self._deviations = deviations
        self._window: deque[int] = deque()
        self._sum = self._squares = 0

    def add(self, value: int) -> Bands | None:
        """None until there are enough."""
        self._window.append(value)
        self._sum += value
        self._squares += value * value
        if len(self._window) > self._length:
            oldest = self._window.popleft()
            self._sum -= oldest
            self._squares -= oldest * oldest
        if len(self._window) < self._length:
            return None
        mean = self._sum / self._length
        width = self._deviations * sqrt(self._length * self._squares - self._sum * self._sum) / self._length
        return Bands(mean - width, mean + width)
