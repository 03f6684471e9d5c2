"""The WebSocket: the client names symbols, gets a snapshot of each and then everything, in order.

A client's message is ``{"op": "subscribe" | "unsubscribe", "symbols": [...]}``; to subscribe again brings a new
snapshot. Whatever the provider sends is one JSON array of market messages (binary frames); an empty array is a
heartbeat. Close codes: 4400 not understood, 4401 wrong key, 4404 unknown symbol, 4408 too slow.
"""

import asyncio
import secrets
from typing import Literal

import msgspec
from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from sim.provider.hub import Hub, Subscriber, encoded
from sim.provider.market import Market

HEARTBEAT = 5.0
"""Seconds of silence after which an empty array is sent (wall time)."""
NOT_UNDERSTOOD, WRONG_KEY, UNKNOWN_SYMBOL, TOO_SLOW = 4400, 4401, 4404, 4408


class Request(msgspec.Struct, forbid_unknown_fields=True):
    """What a client may say."""

    op: Literal["subscribe", "unsubscribe"]
    symbols: list[str]


class RefusalError(Exception):
    """Ends the connection with a code of ours."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Streams:
    """The connections of one provider."""

    def __init__(self, market: Market, hub: Hub, key: str, heartbeat: float) -> None:
        self._market = market
        self._hub = hub
        self._key = key
        self._heartbeat = heartbeat

    async def serve(self, socket: WebSocket) -> None:
        """One connection, from its key to its end."""
        await socket.accept()
        if not secrets.compare_digest(presented_key(socket).encode(), self._key.encode()):
            await socket.close(WRONG_KEY, "wrong key")
            return
        subscriber = Subscriber(self._hub.backlog)
        self._hub.subscribers.add(subscriber)
        sending = asyncio.create_task(self._send(socket, subscriber))
        try:
            await self._listen(socket, subscriber)
        finally:
            self._hub.subscribers.discard(subscriber)
            self._hub.settle()
            sending.cancel()
            await asyncio.wait([sending])

    async def _listen(self, socket: WebSocket, subscriber: Subscriber) -> None:
        try:
            while True:
                self._apply(request(await socket.receive()), subscriber)
        except RefusalError as refusal:
            await socket.close(refusal.code, refusal.reason)
        except WebSocketDisconnect:
            return

    def _apply(self, wish: Request, subscriber: Subscriber) -> None:
        wanted = frozenset(wish.symbols)
        if unknown := wanted - self._market.instruments.keys():
            raise RefusalError(UNKNOWN_SYMBOL, f"unknown symbol {min(unknown)[:40]!r}")
        # Whatever was published before the snapshot leaves before it.
        self._hub.flush()
        if wish.op == "unsubscribe":
            subscriber.symbols -= wanted
            return
        subscriber.symbols |= wanted
        subscriber.offer(encoded([self._market.snapshot(symbol) for symbol in sorted(wanted)], 1))

    async def _send(self, socket: WebSocket, subscriber: Subscriber) -> None:
        try:
            while not subscriber.overrun:
                frame = await subscriber.take(self._heartbeat)
                if frame is None and not subscriber.overrun:
                    await socket.send_bytes(b"[]")
                elif frame is not None:
                    await socket.send_bytes(frame)
                    subscriber.sent(frame)
                    self._hub.settle()
            self._hub.subscribers.discard(subscriber)
            self._hub.settle()
            await socket.close(TOO_SLOW, "too slow: subscribe again")
        except (WebSocketDisconnect, RuntimeError):
            return  # the connection ended meanwhile; the listener sees it too


def presented_key(socket: WebSocket) -> str:
    """From the query (``?key=``) or the header X-API-Key."""
    return socket.query_params.get("key") or socket.headers.get("x-api-key", "")


def request(message: Message) -> Request:
    """Read what the client said; WebSocketDisconnect when it left."""
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    try:
        return msgspec.json.decode(message.get("bytes") or message.get("text") or b"", type=Request)
    except msgspec.DecodeError as error:
        raise RefusalError(NOT_UNDERSTOOD, str(error)[:100]) from error
