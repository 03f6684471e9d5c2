"""The provider's REST pages: instruments, references, snapshots, the tape, history."""

from typing import Any, TypeVar

import msgspec

from services.contracts.instruments import Instrument
from services.contracts.market import Bar, BookSnapshot, Trade
from services.kernel.peers import Peer, refusal

T = TypeVar("T")


class Provider:
    """Asks with the API key; PeerUnavailable when there is no answer."""

    def __init__(self, peer: Peer, key: str) -> None:
        self._peer = peer
        self._headers = {"x-api-key": key}

    async def instruments(self) -> list[Instrument]:
        """All that are traded."""
        return await self._get("/instruments", list[Instrument])

    async def references(self) -> dict[str, int]:
        """By symbol, the close before today's session."""
        return await self._get("/references", dict[str, int])

    async def snapshot(self, symbol: str) -> BookSnapshot:
        """The whole book."""
        return await self._get(f"/snapshot/{symbol}", BookSnapshot)

    async def trades(self, symbol: str, after: int, limit: int) -> list[Trade]:
        """Trades with an id above ``after``, oldest first."""
        return await self._get("/trades", list[Trade], symbol=symbol, after=after, limit=limit)

    async def beginning(self, symbol: str) -> int | None:
        """When the market first traded; none before that."""
        first = await self.trades(symbol, 0, 1)
        return first[0].time if first else None

    async def bars(self, symbol: str, since: int, until: int) -> list[Bar]:
        """One-minute bars from before the market's start."""
        bars = await self._get("/bars", list[Bar], **{"symbol": symbol, "from": since, "to": until})
        return [bar if bar.historical else msgspec.structs.replace(bar, historical=True) for bar in bars]

    async def _get(self, path: str, kind: type[T], **query: Any) -> T:
        answer = await self._peer.request("GET", path, headers=self._headers, query=query)
        if answer.status >= 400:
            raise refusal("provider", answer)
        return msgspec.json.decode(answer.body, type=kind)
