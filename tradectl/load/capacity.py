"""The highest rate that holds: doubled until it breaks, then halved between."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Try = Callable[[float], bool]
"""Loads at a rate; whether everything held."""


@dataclass(frozen=True)
class Found:
    """``tries`` in their order; ``capacity`` is 0 when even the lowest rate did not hold."""

    capacity: float
    broke: float | None
    """The lowest rate that did not hold; None when the highest allowed one did."""
    tries: Sequence[tuple[float, bool]]


def search(holds: Try, low: float, high: float, precision: float = 0.05, most: int = 20) -> Found:
    """The highest rate from ``low`` to ``high`` that holds, to within a share of itself.

    A rate that breaks is tried once more: one bad moment of the machine is not the platform's capacity.
    """
    tries: list[tuple[float, bool]] = []

    def tried(rate: float) -> bool:
        for _ in range(2):
            held = holds(rate)
            tries.append((rate, held))
            if held or len(tries) >= most:
                return held
        return False

    good, bad, rate = 0.0, None, low
    while bad is None and len(tries) < most:
        if tried(rate):
            good = rate
            if rate >= high:
                break
            rate = min(rate * 2, high)
        else:
            bad = rate
    while bad is not None and good and bad - good > precision * good and len(tries) < most:
        middle = (good + bad) / 2
        if tried(middle):
            good = middle
        else:
            bad = middle
    return Found(good, bad, tries)
