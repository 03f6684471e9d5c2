"""The book as rows of a ladder, a price a row at equal steps: exact decimals, nothing drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from heapq import nlargest, nsmallest
from itertools import cycle

Levels = Mapping[Decimal, Decimal]
"""Quantity by price."""
NONE = Decimal(0)


@dataclass(frozen=True)
class Depth:
    """Both sides of a book, as sums at multiples of ``step``: bids rounded down, asks up, so that no row has both."""

    step: Decimal
    bids: Levels
    asks: Levels


def middle_of(bids: Levels, asks: Levels, step: Decimal) -> Decimal | None:
    """The row between the best bid and the best ask, or that of the only one; None without a book."""
    best = [price for price in (max(bids, default=None), min(asks, default=None)) if price is not None]
    return on_step(sum(best, NONE) / len(best), step, ROUND_CEILING) if best else None


def on_step(price: Decimal, step: Decimal, rounding: str) -> Decimal:
    """The multiple of the step that is nearest in that direction."""
    return (price / step).to_integral_value(rounding) * step


def depth_of(bids: Levels, asks: Levels, step: Decimal, prices: Sequence[Decimal]) -> Depth:
    """The book at that step, which is a multiple of the tick; of it the rows at these prices, highest first."""
    low, high = prices[-1] - step, prices[0] + step
    return Depth(step, _summed(bids, step, ROUND_FLOOR, (low, high)), _summed(asks, step, ROUND_CEILING, (low, high)))


def step_for(bids: Levels, asks: Levels, tick: Decimal, rows: int) -> Decimal:
    """The smallest of 1, 2, 5, 10, … ticks at which the best levels, a quarter of the rows a side, fit."""
    each = max(rows // 4, 2)
    best = nlargest(each, bids) + nsmallest(each, asks)
    if not best:
        return tick
    needed = (max(best) - min(best)) / max(rows - 2, 1)
    factors = cycle((Decimal(2), Decimal("2.5"), Decimal(2)))
    step = tick
    while step < needed:
        step *= next(factors)
    return step.normalize()


def _summed(levels: Levels, step: Decimal, rounding: str, span: tuple[Decimal, Decimal]) -> dict[Decimal, Decimal]:
    low, high = span
    sums: dict[Decimal, Decimal] = {}
    for price, quantity in levels.items():
        if low <= price <= high:
            row = on_step(price, step, rounding)
            sums[row] = sums.get(row, NONE) + quantity
    return sums
