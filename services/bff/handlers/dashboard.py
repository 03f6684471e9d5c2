"""What a trader looks at first, of six services in one answer: asked side by side, and without who is down."""

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from services.bff.handlers.forwarding import forward
from services.bff.handlers.snapshots import OPEN_ORDERS
from services.contracts.errors import DomainError
from services.kernel.peers import Peer, refusal

PATIENCE = 2.0
"""Seconds for a part, however many questions it takes."""
LATEST = 50
"""Rows of a list."""
Part = dict[str, Any]


class Dashboard:
    """Asks the services with the client's own token, so that it sees what it may."""

    def __init__(self, peers: Mapping[str, Peer]) -> None:
        self._peers = peers

    async def of(self, authorization: str) -> dict[str, Part | list[str] | None]:
        """Every part by its name; null and named among the unavailable where its service does not answer."""
        parts: dict[str, Awaitable[Part]] = {
            "profile": self._get("auth", "/me", authorization),
            "portfolio": self._get("portfolio", "/portfolio", authorization),
            "orders": self._get("orders", f"/orders?{OPEN_ORDERS}", authorization),
            "watchlist": self._watched(authorization),
            "signals": self._get("recommendations", f"/signals?limit={LATEST}", authorization),
            "notifications": self._unread(authorization),
        }
        answers = await asyncio.gather(*(here(part) for part in parts.values()))
        found = dict(zip(parts, answers, strict=True))
        return {**found, "unavailable": [name for name, answer in found.items() if answer is None]}

    async def _watched(self, authorization: str) -> Part:
        """The quotes of the user's watchlist."""
        watchlist = await self._get("auth", "/me/watchlist", authorization)
        symbols = quote(",".join(watchlist["symbols"]))
        return await self._get("market_data", f"/quotes?symbols={symbols}", authorization) if symbols else {"items": []}

    async def _unread(self, authorization: str) -> Part:
        """The latest notifications without those that were read, and how many are unread in all."""
        page = await self._get("notifications", f"/notifications?limit={LATEST}", authorization)
        return {"items": [each for each in page["items"] if not each["read"]], "unread": page["unread"]}

    async def _get(self, service: str, target: str, authorization: str) -> Part:
        path, _, query = target.partition("?")
        answer = await forward(self._peers[service], "GET", path, query, {"authorization": authorization}, b"")
        if answer.status >= 400:
            raise refusal(service, answer)
        page: Part = msgspec.json.decode(answer.body)
        return page


async def here(part: Awaitable[Part]) -> Part | None:
    """The part, or none where its service is down; what it refuses (401, 403) is refused of the whole."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await part
    except TimeoutError:
        return None
    except DomainError as error:
        if error.status < 500:
            raise
        return None
