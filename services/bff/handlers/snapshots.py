"""What a channel's state is when somebody begins to follow it: the service's own page, as its owner may see it."""

from collections.abc import Mapping

import msgspec

from services.bff.domain.channels import Channel
from services.bff.handlers.session import Session
from services.bff.handlers.streams import QUOTES, decode_quote, encode
from services.contracts import channels
from services.contracts.instruments import Instrument
from services.contracts.market import quote_json
from services.contracts.orders import FINAL
from services.kernel.cache import Cache
from services.kernel.kept import Kept
from services.kernel.peers import Peer, refusal

LATEST = 50
"""Rows of a list in a snapshot."""
OPEN = ("pending_new", "new", "partially_filled", "pending_cancel", "pending_replace")
OPEN_ORDERS = "&".join([f"status={status}" for status in OPEN if status not in FINAL] + ["limit=200"])


class Page(msgspec.Struct):
    """A list's page, its rows as they came."""

    items: list[msgspec.Raw]
    next: str | None = None


PAGE = msgspec.json.Decoder(Page)


class Snapshots:
    """Asks the services with the client's own token, so that it sees what it may."""

    def __init__(self, peers: Mapping[str, Peer], cache: Cache, instruments: Mapping[str, Instrument]) -> None:
        self._peers = peers
        self._quotes = Kept(cache, peers["market_data"], QUOTES, channels.quotes)
        self._instruments = instruments

    async def of(self, session: Session, channel: Channel) -> bytes:
        """The channel's state as JSON."""
        match channel.kind:
            case "quotes":
                return await self._quote(channel.topic)
            case "candles":
                return await self._get(session, "market_data", f"/candles/{channel.topic}", "interval=1m")
            case "orders":
                return await self._open_orders(session)
            case "portfolio":
                return await self._get(session, "portfolio", "/portfolio")
            case "notifications":
                return await self._get(session, "notifications", "/notifications", f"limit={LATEST}")
            case "signals":
                return await self._get(session, "recommendations", "/signals", f"limit={LATEST}")
        return await self._get(session, "chat", f"/chat/topics/{channel.topic}/messages", f"limit={LATEST}")

    async def _quote(self, symbol: str) -> bytes:
        raw = (await self._quotes.of([symbol])).get(symbol)
        return b"null" if raw is None else encode(quote_json(decode_quote(raw), self._instruments[symbol]))

    async def _open_orders(self, session: Session) -> bytes:
        """All of them, however many pages that takes."""
        orders: list[msgspec.Raw] = []
        cursor: str | None = ""
        while cursor is not None:
            query = f"{OPEN_ORDERS}&cursor={cursor}" if cursor else OPEN_ORDERS
            page = PAGE.decode(await self._get(session, "orders", "/orders", query))
            orders += page.items
            cursor = page.next
        return encode({"items": orders})

    async def _get(self, session: Session, service: str, path: str, query: str = "") -> bytes:
        peer = self._peers[service]
        headers = {"authorization": f"Bearer {session.token}"}
        answer = await peer.request("GET", path, headers=headers, query=query)
        if answer.status >= 400:
            raise refusal(service, answer)
        return answer.body
