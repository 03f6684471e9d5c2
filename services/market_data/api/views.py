"""How instruments, quotes, books, trades and bars look outside: decimal strings, RFC 3339 times."""

from collections.abc import Iterable
from typing import Any

from services.contracts import money
from services.contracts.instruments import Instrument
from services.contracts.market import Bar, Level, Quote, Trade
from services.contracts.times import rfc3339
from services.market_data.domain.symbol import Symbol


def instrument_json(symbol: Symbol) -> dict[str, Any]:
    """Terms, sessions and today's band."""
    terms = symbol.terms()
    band = terms.band(symbol.reference) if symbol.reference is not None else None
    return {
        "symbol": terms.symbol,
        "name": terms.name,
        "kind": terms.kind,
        "currency": terms.currency,
        "tick": price(terms.tick, terms),
        "lot": quantity(terms.lot, terms),
        "price_scale": terms.price_scale,
        "quantity_scale": terms.quantity_scale,
        "reference_price": price(symbol.reference, terms),
        "price_band": {"low": price(band[0], terms), "high": price(band[1], terms)} if band else None,
        "maker_fee": money.text(terms.maker_fee_ppm, 6),
        "taker_fee": money.text(terms.taker_fee_ppm, 6),
        "session": {"opens": terms.opens, "closes": terms.closes} if terms.opens else None,
        "status": terms.status,
    }


def quote_json(quote: Quote, terms: Instrument) -> dict[str, Any]:
    """Best bid and ask, last trade, the day's figures; an absent side is null."""
    return {
        "symbol": quote.symbol,
        "bid": price(quote.bid, terms),
        "bid_size": quantity(quote.bid_size, terms),
        "ask": price(quote.ask, terms),
        "ask_size": quantity(quote.ask_size, terms),
        "last": price(quote.last, terms),
        "open": price(quote.open, terms),
        "high": price(quote.high, terms),
        "low": price(quote.low, terms),
        "previous_close": price(quote.previous_close, terms),
        "volume": quantity(quote.volume, terms),
        "stale": quote.stale,
        "seq": quote.seq,
        "time": rfc3339(quote.time),
    }


def book_json(symbol: Symbol, depth: int) -> dict[str, Any]:
    """The best levels of both sides, best first, at ``seq``."""
    bids, asks = symbol.book.top(depth)
    terms = symbol.instrument
    return {
        "symbol": terms.symbol,
        "seq": symbol.seq,
        "time": rfc3339(symbol.time),
        "bids": levels_json(bids, terms),
        "asks": levels_json(asks, terms),
    }


def levels_json(levels: Iterable[Level], terms: Instrument) -> list[list[str]]:
    """Pairs of price and quantity."""
    return [[money.text(at, terms.price_scale), money.text(size, terms.quantity_scale)] for at, size in levels]


def trade_json(trade: Trade, terms: Instrument) -> dict[str, Any]:
    """One trade; ``id`` rises by one a symbol."""
    return {
        "id": trade.trade_id,
        "price": price(trade.price, terms),
        "quantity": quantity(trade.quantity, terms),
        "aggressor": trade.aggressor,
        "time": rfc3339(trade.time),
    }


def bar_json(bar: Bar, terms: Instrument, *, closed: bool) -> dict[str, Any]:
    """One candle."""
    return {
        "start": rfc3339(bar.start),
        "open": price(bar.open, terms),
        "high": price(bar.high, terms),
        "low": price(bar.low, terms),
        "close": price(bar.close, terms),
        "volume": quantity(bar.volume, terms),
        "trades": bar.trades,
        "closed": closed,
    }


def price(amount: int | None, terms: Instrument) -> str | None:
    return None if amount is None else money.text(amount, terms.price_scale)


def quantity(amount: int, terms: Instrument) -> str:
    return money.text(amount, terms.quantity_scale)
