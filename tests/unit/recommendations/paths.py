"""Seeded walks of closes."""

import random

from services.contracts.clock import MINUTE
from services.recommendations.domain.record import Close

STEP = 5 * MINUTE


def walk(bars: int, seed: int = 1) -> list[Close]:
    """Five-minute closes around 100.00; the last twenty lie behind the market's start no more."""
    drawn = random.Random(seed)
    price, closes = 10_000.0, []
    for place in range(bars):
        price *= 1 + drawn.gauss(0, 0.002)
        closes.append(Close(place * STEP, round(price), place < bars - 20))
    return closes
