"""Candles of five intervals from trades; a bar closes when the symbol's messages have passed its end."""

from collections.abc import Iterable, Mapping
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
    longer: list[Bar] = []
    for bar in bars:
        start = bar.start - bar.start % length
        if longer and longer[-1].start == start:
            longer[-1] = joined(longer[-1], bar)
        else:
            longer.append(msgspec.structs.replace(bar, interval=interval, start=start))
    return longer


def joined(first: Bar, second: Bar) -> Bar:
    """One bar out of two that follow each other."""
    return msgspec.structs.replace(
        first,
        high=max(first.high, second.high),
        low=min(first.low, second.low),
        close=second.close,
        volume=first.volume + second.volume,
        trades=first.trades + second.trades,
    )
