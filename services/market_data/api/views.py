"""How instruments and books look outside: decimal strings, RFC 3339 times; the rest is in the contract."""

from typing import Any

from services.contracts import money
from services.contracts.market import levels_json, price_text
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
        "tick": price_text(terms.tick, terms),
        "lot": money.text(terms.lot, terms.quantity_scale),
        "price_scale": terms.price_scale,
        "quantity_scale": terms.quantity_scale,
        "reference_price": price_text(symbol.reference, terms),
        "price_band": {"low": price_text(band[0], terms), "high": price_text(band[1], terms)} if band else None,
        "maker_fee": money.text(terms.maker_fee_ppm, 6),
        "taker_fee": money.text(terms.taker_fee_ppm, 6),
        "session": {"opens": terms.opens, "closes": terms.closes} if terms.opens else None,
        "status": terms.status,
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
