"""Whether market data quotes a price yet."""

from collections.abc import Mapping
from typing import Any

from services.contracts import money
from tradectl.probes import http

KEY = "X-Internal-Key"


def first_quote(market_data: str, key: str) -> dict[str, Any] | None:
    """The best bid and ask of any instrument that has one, as decimal strings; None while there is none."""
    try:
        for terms in page(f"{market_data}/internal/instruments", key) or []:
            view = page(f"{market_data}/internal/market/{terms['symbol']}", key)
            if view and (view["book"]["bids"] or view["book"]["asks"]):
                return quote(terms, view["book"])
    except http.UnreachableError:
        return None
    return None


def page(url: str, key: str) -> Any:
    """An internal page; None when it is not there."""
    answer = http.get(url, headers={KEY: key})
    return answer.json() if answer.status == 200 else None


def quote(terms: Mapping[str, Any], book: Mapping[str, Any]) -> dict[str, Any]:
    """The top of a book."""
    scale = terms["price_scale"]
    bid, ask = (money.text(book[side][0][0], scale) if book[side] else None for side in ("bids", "asks"))
    return {"symbol": terms["symbol"], "bid": bid, "ask": ask}
