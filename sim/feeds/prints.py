"""The trades inside a bar: they meet its open, high, low, close and volume exactly."""

from random import Random
from typing import NamedTuple

from services.contracts.market import Bar
from sim.feeds.path import DayBar, spread, walk

SLOT = 250_000
"""Microseconds between two instants at which something may happen."""
STIRS = 40
"""Changes of a level's size in a bar, beside its trades."""
ENOUGH = 24
"""Trades from which on a bar's path can be walked."""


class Print(NamedTuple):
    """A trade; with quantity 0 a change of the level ``price`` steps from the best."""

    time: int
    price: int
    quantity: int
    buy: bool
    draw: int


def prints(bar: Bar, length: int, tick: int, rng: Random) -> list[Print]:
    """What happens in a bar of a length in microseconds, in order."""
    prices = _prices(bar, tick, rng)
    sizes = spread(bar.volume, [0.3 + rng.random() for _ in prices]) if prices else []
    slots = max(length // SLOT, len(prices))
    width = length // slots
    instants = [0, *sorted(rng.sample(range(1, slots), len(prices) - 1))] if prices else []
    trades, previous = [], bar.open
    for at, price, size in zip(instants, prices, sizes, strict=True):
        buy = price > previous or (price == previous and rng.random() < 0.5)
        trades.append(Print(bar.start + at * width, price, size, buy, rng.getrandbits(30)))
        previous = price
    stirs = [
        Print(bar.start + rng.randrange(slots) * width, rng.randrange(12), 0, rng.random() < 0.5, rng.getrandbits(30))
        for _ in range(STIRS)
    ]
    return sorted([trade for trade in trades if trade.quantity] + stirs, key=time_of)


def time_of(each: Print) -> int:
    return each.time


def _prices(bar: Bar, tick: int, rng: Random) -> list[int]:
    if bar.trades < ENOUGH:
        return [bar.open, bar.high, bar.low, bar.close][: bar.volume]
    whole = DayBar(bar.open, bar.high, bar.low, bar.close, bar.volume)
    return [bar.open, *walk(whole, bar.trades - 1, tick, rng)[0]]
