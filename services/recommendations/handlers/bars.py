"""Market data's closed bars, page by page."""

from typing import TypeVar

import msgspec

from services.kernel.peers import Peer, refusal
from services.recommendations.domain.record import INTERVAL, Candle, Close

PAGE = 500
"""Bars asked for at once: more would hold up the event loop."""
END = 2**62
"""Later than any bar."""
Seen = TypeVar("Seen", Close, Candle)


async def stored(market_data: Peer, symbol: str, kind: type[Seen], since: int = 0, until: int = END) -> list[Seen]:
    """All of a symbol's closed bars that start in [since, until), oldest first."""
    bars: list[Seen] = []
    decoder = msgspec.json.Decoder(list[kind])  # type: ignore[valid-type]
    while True:
        first = bars[-1].start + 1 if bars else since
        query: dict[str, str | int] = {"interval": INTERVAL, "from": first, "to": until, "limit": PAGE}
        answer = await market_data.request("GET", f"/internal/bars/{symbol}", query=query, internal=True)
        if answer.status >= 400:
            raise refusal(market_data.name, answer)
        page = decoder.decode(answer.body)
        bars += page
        if len(page) < PAGE:
            return bars
