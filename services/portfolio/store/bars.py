"""Closing prices of market data's bars."""

import msgspec

from services.kernel.peers import Peer, refusal

MOST = 5_000
"""Bars of one symbol; more than any period has."""


class Close(msgspec.Struct, frozen=True, gc=False):
    """What is wanted of a bar."""

    start: int
    close: int


CLOSES = msgspec.json.Decoder(list[Close])


async def closes(market_data: Peer, symbol: str, interval: str, since: int, until: int) -> list[Close]:
    """Of bars that start in [since, until), oldest first."""
    query: dict[str, str | int] = {"interval": interval, "from": max(since, 0), "to": max(until, 0), "limit": MOST}
    answer = await market_data.request("GET", f"/internal/bars/{symbol}", query=query, internal=True)
    if answer.status >= 400:
        raise refusal(market_data.name, answer)
    return CLOSES.decode(answer.body)
