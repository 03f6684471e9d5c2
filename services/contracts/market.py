"""The market's wire: what the provider sends and what market data passes on by the cache's channels.

Prices and quantities are integers in the instrument's scales; ``seq`` counts per symbol and ``prev_seq`` names
the message before, so a hole is seen at once.
"""

from typing import Literal

import msgspec

Level = tuple[int, int]
"""Price and quantity; a quantity of zero removes the level."""


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """Best bid and ask, last trade and the day's figures; ``time`` is market time in microseconds."""

    symbol: str
    seq: int
    time: int
    bid: int | None
    bid_size: int
    ask: int | None
    ask_size: int
    last: int | None = None
    open: int | None = None
    high: int | None = None
    low: int | None = None
    previous_close: int | None = None
    volume: int = 0
    stale: bool = False


class Trade(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="trade"):
    """One trade of the venue; ``trade_id`` rises by one per symbol; ``aggressor`` is the taker's side."""

    symbol: str
    seq: int
    prev_seq: int
    time: int
    trade_id: int
    price: int
    quantity: int
    aggressor: Literal["buy", "sell"]


class BookDelta(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="book"):
    """Changed levels of one symbol's book."""

    symbol: str
    seq: int
    prev_seq: int
    time: int
    bids: list[Level]
    asks: list[Level]


class BookSnapshot(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="snapshot"):
    """The whole book at ``seq``, best levels first, and the id of the last trade in it."""

    symbol: str
    seq: int
    time: int
    bids: list[Level]
    asks: list[Level]
    last_trade_id: int
    last: int | None = None
    status: str = "open"


class StatusChange(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="status"):
    """A session that opened or closed, a halt, a resumption."""

    symbol: str
    seq: int
    prev_seq: int
    time: int
    status: Literal["pre_open", "open", "halted", "closed"]


MarketMessage = Trade | BookDelta | BookSnapshot | StatusChange


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """Open, high, low, close, volume and number of trades from ``start`` (market time, us) for one interval."""

    symbol: str
    interval: Literal["1m", "5m", "15m", "1h", "1d"]
    start: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    trades: int
    historical: bool = False
    """Laid there at the start, before the market of this sandbox traded."""
