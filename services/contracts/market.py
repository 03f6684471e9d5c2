"""The market's wire: what the provider sends and what market data passes on by the cache's channels.

Prices and quantities are integers in the instrument's scales; ``seq`` counts per symbol and ``prev_seq`` names
the message before, so a hole is seen at once.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from services.contracts import money
from services.contracts.instruments import Instrument, Status
from services.contracts.times import rfc3339

Level = tuple[int, int]
"""Price and quantity; a quantity of zero removes the level."""


class Quote(msgspec.Struct, frozen=True, kw_only=True, gc=False):
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


class Trade(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="type", tag="trade"):
    """One trade of the venue; ``trade_id`` rises by one per symbol; ``aggressor`` is the taker's side."""

    symbol: str
    seq: int
    prev_seq: int
    time: int
    trade_id: int
    price: int
    quantity: int
    aggressor: Literal["buy", "sell"]


class BookDelta(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="type", tag="book"):
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
    status: Status = "open"


class StatusChange(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="type", tag="status"):
    """A session that opened or closed, a halt, a resumption; of an auction again whenever it would end otherwise."""

    symbol: str
    seq: int
    prev_seq: int
    time: int
    status: Status
    indicative_price: int | None = None
    """At which an auction would trade if it ended now; none while nothing would."""
    indicative_quantity: int = 0


MarketMessage = Trade | BookDelta | BookSnapshot | StatusChange


class Bar(msgspec.Struct, frozen=True, kw_only=True, gc=False):
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


class MarketView(msgspec.Struct, frozen=True, kw_only=True):
    """One symbol at one instant, for who then follows the channels: the whole book and the latest trades."""

    book: BookSnapshot
    trades: list[Trade]
    """Oldest first."""


def quote_json(quote: Quote, terms: Instrument) -> dict[str, object]:
    """The quote as the API and the WebSocket show it: decimal strings, times in RFC 3339; an absent side is null."""
    return {
        "symbol": quote.symbol,
        "bid": price_text(quote.bid, terms),
        "bid_size": money.text(quote.bid_size, terms.quantity_scale),
        "ask": price_text(quote.ask, terms),
        "ask_size": money.text(quote.ask_size, terms.quantity_scale),
        "last": price_text(quote.last, terms),
        "open": price_text(quote.open, terms),
        "high": price_text(quote.high, terms),
        "low": price_text(quote.low, terms),
        "previous_close": price_text(quote.previous_close, terms),
        "volume": money.text(quote.volume, terms.quantity_scale),
        "stale": quote.stale,
        "seq": quote.seq,
        "time": rfc3339(quote.time),
    }


def levels_json(levels: Iterable[Level], terms: Instrument) -> list[tuple[str, str]]:
    """Pairs of price and quantity."""
    text, prices, quantities = money.text, terms.price_scale, terms.quantity_scale
    return [(text(price, prices), text(quantity, quantities)) for price, quantity in levels]


def trade_json(trade: Trade, terms: Instrument) -> dict[str, object]:
    """One trade; ``id`` rises by one a symbol."""
    return {
        "id": trade.trade_id,
        "price": money.text(trade.price, terms.price_scale),
        "quantity": money.text(trade.quantity, terms.quantity_scale),
        "aggressor": trade.aggressor,
        "time": rfc3339(trade.time),
    }


def bar_json(bar: Bar, terms: Instrument, *, closed: bool) -> dict[str, object]:
    """One candle."""
    return {
        "start": rfc3339(bar.start),
        "open": money.text(bar.open, terms.price_scale),
        "high": money.text(bar.high, terms.price_scale),
        "low": money.text(bar.low, terms.price_scale),
        "close": money.text(bar.close, terms.price_scale),
        "volume": money.text(bar.volume, terms.quantity_scale),
        "trades": bar.trades,
        "closed": closed,
    }


def price_text(price: int | None, terms: Instrument) -> str | None:
    """A price, or none."""
    return None if price is None else money.text(price, terms.price_scale)
