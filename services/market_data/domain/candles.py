"""Candles of five intervals from trades; a bar closes when the symbol's messages have passed its end."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Literal

import msgspec

from services.contracts.clock import DAY, HOUR, MINUTE
from services.contracts.market import Bar

Interval = Literal["1m", "5m", "15m", "1h", "1d"]
LENGTHS: Mapping[Interval, int] = {"1m": MINUTE, "5m": 5 * MINUTE, "15m": 15 * MINUTE, "1h": HOUR, "1d": DAY}
NEVER = 2**63


class Forming(msgspec.Struct):
    """A bar that trades still change."""

    start: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    trades: int

    def closed(self, symbol: str, interval: Interval) -> Bar:
        """The bar as it stands."""
        return Bar(
            symbol=symbol,
            interval=interval,
            start=self.start,
            open=self.open,
            high=self.high,
            low=self.low,
            close=self.close,
            volume=self.volume,
            trades=self.trades,
        )


class Candles:
    """The forming bars of one symbol."""

    def __init__(self, symbol: str, forming: Mapping[Interval, Forming] | None = None) -> None:
        self.symbol = symbol
        self.forming: dict[Interval, Forming] = dict(forming or {})
        self.next_end = NEVER
        """When the first of them ends."""
        self._look_ahead()

    def add(self, time: int, price: int, quantity: int) -> None:
        """Count a trade; bars that ended before its time must be closed first, by ``close_until``."""
        forming = self.forming
        if len(forming) == len(LENGTHS):
            for bar in forming.values():
                if price > bar.high:
                    bar.high = price
                elif price < bar.low:
                    bar.low = price
                bar.close = price
                bar.volume += quantity
                bar.trades += 1
            return
        self._begin(time, price, quantity)

    def close_until(self, time: int) -> list[Bar]:
        """Bars that ended by a time, shortest interval first."""
        if time < self.next_end:
            return []
        ended = [name for name, bar in self.forming.items() if bar.start + LENGTHS[name] <= time]
        closed = [self.forming.pop(name).closed(self.symbol, name) for name in ended]
        self._look_ahead()
        return sorted(closed, key=lambda bar: LENGTHS[bar.interval])

    def resume(self, interval: Interval, bar: Bar) -> None:
        """Go on with a bar that began before trades came here."""
        self.forming[interval] = Forming(bar.start, bar.open, bar.high, bar.low, bar.close, bar.volume, bar.trades)
        self._look_ahead()

    def _begin(self, time: int, price: int, quantity: int) -> None:
        for name, length in LENGTHS.items():
            bar = self.forming.get(name)
            if bar is None:
                self.forming[name] = Forming(time - time % length, price, price, price, price, quantity, 1)
                continue
            bar.high, bar.low, bar.close = max(bar.high, price), min(bar.low, price), price
            bar.volume += quantity
            bar.trades += 1
        self._look_ahead()

    def _look_ahead(self) -> None:
        self.next_end = min((bar.start + LENGTHS[name] for name, bar in self.forming.items()), default=NEVER)


def merged(bars: Iterable[Bar], interval: Interval) -> list[Bar]:
    """Bars of a longer interval out of consecutive shorter ones."""
    length = LENGTHS[interval]
    parts = (list(part) for _, part in groupby(bars, lambda bar: bar.start // length))
    return [part[0] if part[0].interval == interval else joined(part, interval) for part in parts]


def joined(parts: Sequence[Bar], interval: Interval) -> Bar:
    """One bar out of those that lie in it."""
    first = parts[0]
    return Bar(
        symbol=first.symbol,
        interval=interval,
        start=first.start - first.start % LENGTHS[interval],
        open=first.open,
        high=max([bar.high for bar in parts]),
        low=min([bar.low for bar in parts]),
        close=parts[-1].close,
        volume=sum([bar.volume for bar in parts]),
        trades=sum([bar.trades for bar in parts]),
        historical=first.historical,
    )
