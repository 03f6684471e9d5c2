"""From values to pixels, and round numbers to write beside them; floats, for they only draw."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log10


@dataclass(frozen=True)
class Scale:
    """Values from ``low`` to ``high`` on so many pixels, the highest on pixel 0."""

    low: float
    high: float
    pixels: int

    def pixel(self, value: float) -> int:
        """Where the value is; outside of the range it is outside of the pixels."""
        return round((self.high - value) / (self.high - self.low) * (self.pixels - 1))

    def steps(self, most: int) -> list[float]:
        """Round values within the range, at most so many, ascending."""
        step = round_step((self.high - self.low) / max(most, 1))
        first, last = ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9)
        return [number * step for number in range(first, last + 1)]


def scale_of(values: Iterable[float], pixels: int, margin: float = 0.04) -> Scale:
    """The scale that holds all of them with some air; around one value, or none, it is as wide as its size."""
    known = list(values) or [0.0]
    low, high = min(known), max(known)
    air = (high - low) * margin or abs(high) * 0.001 or 1.0
    return Scale(low - air, high + air, max(pixels, 2))


def round_step(least: float) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that is not below ``least``, which is above zero."""
    power = 10.0 ** floor(log10(least))
    return next((factor * power for factor in (1, 2, 2.5, 5) if factor * power >= least * (1 - 1e-9)), 10 * power)


def digits_of(step: float) -> int:
    """The decimal places that tell multiples of the step apart."""
    for digits in range(9):
        if abs(round(step, digits) - step) < step * 1e-6:
            return digits
    return 9


def short(value: float) -> str:
    """A quantity in at most six characters: 950, 12.3k, 4.56M."""
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= limit:
            scaled = value / limit
            return f"{scaled:.{2 if abs(scaled) < 10 else 1 if abs(scaled) < 100 else 0}f}{unit}"
    if 0 < abs(value) < 0.001:
        return f"{value:.4f}" if abs(value) >= 0.0001 else "<.0001"
    return f"{value:.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
