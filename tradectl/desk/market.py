"""The market as the BFF tells it, decoded from its JSON; prices and quantities are Decimal."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

INTERVALS = ("1m", "5m", "15m", "1h", "1d")
LENGTHS = dict(zip(INTERVALS, (timedelta(minutes=m) for m in (1, 5, 15, 60, 1440)), strict=True))
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
MOST_BARS = 1_500


class Band(Struct, frozen=True):
    """Prices that are accepted."""

    low: Decimal
    high: Decimal


class Hours(Struct, frozen=True):
    """HH:MM in UTC."""

    opens: str
    closes: str


class Instrument(Struct, frozen=True):
    """Terms, status and today's band; ``session`` is None of what never closes."""

    symbol: str
    name: str
    kind: str
    currency: str
    tick: Decimal
    lot: Decimal
    price_scale: int
    quantity_scale: int
    reference_price: Decimal | None
    price_band: Band | None
    maker_fee: Decimal
    taker_fee: Decimal
    session: Hours | None
    status: str


class Quote(Struct, frozen=True):
    """An absent side is None; ``stale`` when the provider has fallen silent."""

    symbol: str
    bid: Decimal | None
    bid_size: Decimal
    ask: Decimal | None
    ask_size: Decimal
    last: Decimal | None
    open: Decimal | None
    high: Decimal | None
    low: Decimal | None
    previous_close: Decimal | None
    volume: Decimal
    stale: bool
    seq: int
    time: datetime

    @property
    def change(self) -> Decimal | None:
        """The last price over the previous close, as a part of it; None without either."""
        if self.last is None or not self.previous_close:
            return None
        return self.last / self.previous_close - 1


class Trade(Struct, frozen=True):
    """``id`` rises by one a symbol; ``aggressor`` is buy or sell."""

    id: int
    price: Decimal
    quantity: Decimal
    aggressor: str
    time: datetime


class Candle(Struct, frozen=True):
    """One that is closed never changes."""

    start: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    trades: int
    closed: bool


class Levels(Struct, frozen=True):
    """A book, or what changed of it: pairs of price and quantity, best first; zero removes a level."""

    symbol: str
    time: datetime
    bids: list[tuple[Decimal, Decimal]]
    asks: list[tuple[Decimal, Decimal]]


class Book:
    """The whole depth of one symbol."""

    def __init__(self, whole: Levels) -> None:
        self.symbol = whole.symbol
        self.time = whole.time
        self._bids = dict(whole.bids)
        self._asks = dict(whole.asks)

    def change(self, levels: Levels) -> None:
        """Set the changed levels."""
        self.time = levels.time
        for side, changed in ((self._bids, levels.bids), (self._asks, levels.asks)):
            side.update(changed)
            for price, quantity in changed:
                if not quantity:
                    side.pop(price, None)

    def bids(self, depth: int = 20) -> list[tuple[Decimal, Decimal]]:
        """Best first."""
        return sorted(self._bids.items(), reverse=True)[:depth]

    def asks(self, depth: int = 20) -> list[tuple[Decimal, Decimal]]:
        """Best first."""
        return sorted(self._asks.items())[:depth]


class Series:
    """Candles of one interval, oldest first; the last one goes on with the minutes that come."""

    def __init__(self, interval: str, bars: Iterable[Candle], minute: Candle | None = None) -> None:
        self.interval = interval
        self.bars = list(bars)
        self._minute = minute
        """The last minute that is in the bars, so that its volume is counted once."""

    def add(self, minute: Candle) -> None:
        """A minute that is forming or has closed."""
        if self.bars and self._start(minute) < self.bars[-1].start:
            return
        before = self._minute
        known = before if before is not None and before.start == minute.start else None
        self._minute = minute
        if self.interval == "1m":
            self._set(minute)
        elif self.bars and self.bars[-1].start == self._start(minute):
            self.bars[-1] = _grown(self.bars[-1], minute, known)
        else:
            self._set(replace(minute, start=self._start(minute), closed=False))

    def _set(self, bar: Candle) -> None:
        if self.bars and self.bars[-1].start == bar.start:
            self.bars[-1] = bar
        else:
            self.bars.append(bar)
            del self.bars[:-MOST_BARS]

    def _start(self, minute: Candle) -> datetime:
        return minute.start - (minute.start - EPOCH) % LENGTHS[self.interval]


def _grown(bar: Candle, minute: Candle, known: Candle | None) -> Candle:
    """A bar with a minute's prices, and with what the minute has more than was known of it."""
    return replace(
        bar,
        high=max(bar.high, minute.high),
        low=min(bar.low, minute.low),
        close=minute.close,
        volume=bar.volume + minute.volume - (known.volume if known else 0),
        trades=bar.trades + minute.trades - (known.trades if known else 0),
    )
