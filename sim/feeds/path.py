"""One-minute bars that meet a day's open, high, low, close and volume, drawn from a seed.

The price walks over four pinned points (open, the two extremes in either order, close); each step goes its share of
the way to the next point and a random bit beside it, so every point is met exactly. Only integers and the four
operations, so that each machine draws the same path.
"""

from collections.abc import Callable
from random import Random

import msgspec

from services.contracts.clock import MINUTE
from services.contracts.market import Bar


class DayBar(msgspec.Struct, frozen=True):
    """A trading day, in the instrument's scales."""

    open: int
    high: int
    low: int
    close: int
    volume: int


def minute_bars(symbol: str, start: int, count: int, day: DayBar, tick: int, rng: Random) -> list[Bar]:
    """``count`` bars from ``start`` on."""
    closes, high_at, low_at = walk(day, count, tick, rng)
    volumes = spread(day.volume, weights(count, rng.random))
    random, wick = rng.random, max((day.high - day.low) // 40, tick) // tick + 1
    bars, previous = [], day.open
    for minute, (close, volume) in enumerate(zip(closes, volumes, strict=True)):
        high = max(close, previous) + int(random() * wick) * tick
        low = min(close, previous) - int(random() * wick) * tick
        bars.append(
            Bar(
                symbol=symbol,
                interval="1m",
                start=start + minute * MINUTE,
                open=previous,
                high=day.high if high > day.high or minute == high_at else high,
                low=day.low if low < day.low or minute == low_at else low,
                close=close,
                volume=volume,
                trades=min(volume, 24 + volume % 24),
                historical=True,
            )
        )
        previous = close
    return bars


def walk(day: DayBar, count: int, tick: int, rng: Random) -> tuple[list[int], int, int]:
    """The close of each minute, and the minutes of the day's high and low."""
    random = rng.random
    first, second = int(random() * count * 0.45), int((0.5 + random() * 0.45) * count)
    up_first = random() < (0.35 if day.close > day.open else 0.65)
    extremes = (day.high, day.low) if up_first else (day.low, day.high)
    pins = [(first, extremes[0]), (second, extremes[1]), (count - 1, day.close)]
    size = max(int((day.high - day.low) / (count**0.5)), tick) * 1.4
    low, high, price, closes = day.low, day.high, float(day.open), list[int]()
    for at, target in pins:
        for left in range(at - len(closes) + 1, 0, -1):
            price += (target - price) / left + (random() - random()) * size * (left > 1)
            price = low if price < low else min(price, high)
            closes.append(int(price / tick + 0.5) * tick)
    closes[-1] = day.close
    high_at, low_at = (first, second) if up_first else (second, first)
    return [min(max(close, low), high) for close in closes], high_at, low_at


def weights(count: int, random: Callable[[], float]) -> list[float]:
    """More is traded in the first and the last hour."""
    half = count / 2
    return [(0.6 + ((minute - half) / half) ** 2) * (0.4 + 1.2 * random()) for minute in range(count)]


def spread(total: int, shares: list[float]) -> list[int]:
    """Deal out a total by weights, each part at least 4 where there is enough, so that the parts add up to it."""
    least = 4 if total >= 4 * len(shares) else 0
    rest = total - least * len(shares)
    scale, run, given, parts = rest / sum(shares), 0.0, 0, list[int]()
    for share in shares:
        run += share * scale
        upto = int(run)
        parts.append(least + upto - given)
        given = upto
    parts[-1] += rest - given
    return parts
