"""A platform in a dictionary: answers that were written down, and a WebSocket that says what a test tells it to."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import msgspec

from tradectl.desk.client import PREFIX, Client
from tradectl.desk.desk import Desk
from tradectl.desk.wire import Answer, Closed, Socket

DOOR = "http://door"
TOKENS = {"access_token": "first", "refresh_token": "r1", "expires_in": 900}


@dataclass
class CannedSocket:
    """``said`` is what the client sent; what is put into ``frames`` it receives, a Closed ends it."""

    said: list[dict[str, Any]] = field(default_factory=list)
    frames: "asyncio.Queue[str | Closed]" = field(default_factory=asyncio.Queue)

    async def send(self, text: str) -> None:
        self.said.append(json.loads(text))

    async def receive(self) -> str:
        frame = await self.frames.get()
        if isinstance(frame, Closed):
            raise frame
        return frame

    def tell(self, *messages: dict[str, Any]) -> None:
        """A frame."""
        self.frames.put_nowait(json.dumps(messages))


@dataclass
class CannedWire:
    """``answers`` by method and path; a callable gets the body. What was asked lies in ``asked``."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, Any, Mapping[str, str]]] = field(default_factory=list)
    sockets: list[CannedSocket] = field(default_factory=list)

    async def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        path = urlsplit(url).path.removeprefix(PREFIX)
        sent = None if body is None else json.loads(body)
        self.asked.append((f"{method} {path}", sent, headers))
        answer = self.answers.get(f"{method} {path}", Answer(404, b'{"code": "not_found", "detail": "nothing here"}'))
        if callable(answer):
            answer = answer(sent)
        return answer if isinstance(answer, Answer) else Answer(200, json.dumps(answer).encode())

    @asynccontextmanager
    async def socket(self, url: str) -> AsyncIterator[Socket]:
        socket = CannedSocket()
        self.sockets.append(socket)
        yield socket

    async def close(self) -> None:
        """Nothing to give back."""


def refusing(status: int, code: str, field: str | None = None) -> Answer:
    """A problem."""
    return Answer(status, json.dumps({"code": code, "detail": f"it is {code}", "field": field}).encode())


def raw(document: object) -> msgspec.Raw:
    """As a channel's data comes."""
    return msgspec.Raw(json.dumps(document).encode())


def instrument(symbol: str, currency: str = "USD", **terms: Any) -> dict[str, Any]:
    return {
        "symbol": symbol,
        "name": f"{symbol} Inc.",
        "kind": "share",
        "currency": currency,
        "tick": "0.01",
        "lot": "1",
        "price_scale": 2,
        "quantity_scale": 0,
        "reference_price": "200.00",
        "price_band": {"low": "180.00", "high": "220.00"},
        "maker_fee": "0.0005",
        "taker_fee": "0.0010",
        "session": {"opens": "07:00", "closes": "20:40"},
        "status": "open",
    } | terms


def quote(symbol: str, last: str = "200.50", seq: int = 1, **values: Any) -> dict[str, Any]:
    return {
        "symbol": symbol,
        "bid": "200.49",
        "bid_size": "300",
        "ask": "200.51",
        "ask_size": "200",
        "last": last,
        "open": "199.00",
        "high": "201.00",
        "low": "198.50",
        "previous_close": "200.00",
        "volume": "12345",
        "stale": False,
        "seq": seq,
        "time": "2024-08-08T07:10:00.100000Z",
    } | values


def order(order_id: str = "o1", **values: Any) -> dict[str, Any]:
    return {
        "id": order_id,
        "client_order_id": f"c-{order_id}",
        "symbol": "AAPL",
        "side": "buy",
        "type": "limit",
        "tif": "day",
        "quantity": "10",
        "limit_price": "200.00",
        "stop_price": None,
        "status": "new",
        "filled_quantity": "0",
        "average_price": None,
        "fees": "0.00",
        "currency": "USD",
        "reason": None,
        "created_at": "2024-08-08T07:10:00Z",
        "updated_at": "2024-08-08T07:10:00Z",
    } | values


def portfolio(free: str = "100000.00") -> dict[str, Any]:
    return {"cash": [{"currency": "USD", "total": "100000.00", "reserved": "0.00", "free": free}], "positions": []}


PROFILE = {
    "id": "u1",
    "email": "ann@example.org",
    "display_name": "Ann",
    "language": "en",
    "time_zone": "UTC",
    "roles": ["trader"],
}


def wire() -> CannedWire:
    """One that answers what a desk asks at its opening."""
    return CannedWire(
        {
            "POST /auth/login": TOKENS,
            "POST /auth/refresh": {**TOKENS, "access_token": "second", "refresh_token": "r2"},
            "GET /me": PROFILE,
            "GET /instruments": {"items": [instrument("AAPL"), instrument("BTCUSDT", "USDT"), instrument("IBM")]},
            "GET /me/watchlist": {"symbols": ["AAPL", "BTCUSDT"]},
            "GET /portfolio": portfolio(),
        }
    )


async def desk(answering: CannedWire | None = None) -> Desk:
    """A desk that is open, with a quote and a portfolio."""
    made = Desk(Client(DOOR, answering or wire()))
    await made.client.sign_in("ann@example.org", "correct horse battery")
    await made.open()
    made.state.apply("quotes:AAPL", whole=True, data=raw(quote("AAPL")))
    made.state.apply("portfolio", whole=True, data=raw(portfolio()))
    return made
