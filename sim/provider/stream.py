"""The WebSocket: the client names symbols, gets a snapshot of each and then everything, in order.

A client's message is ``{"op": "subscribe" | "unsubscribe", "symbols": [...]}``; to subscribe again brings a new
snapshot. Whatever the provider sends is one JSON array of market messages (binary frames); an empty array is a
heartbeat. Close codes: 4400 not understood, 4401 wrong key, 4404 unknown symbol, 4408 too slow; 1012 by a fault.
"""

import asyncio
import secrets
from typing import Literal

import msgspec
from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from services.runtime.faults import Active, Faults
from sim.provider.disturbing import passed
from sim.provider.hub import TOO_SLOW, Hub, Subscriber, encoded
from sim.provider.market import Market

HEARTBEAT = 5.0
"""Seconds of silence after which an empty array is sent (wall time)."""
NOT_UNDERSTOOD, WRONG_KEY, UNKNOWN_SYMBOL = 4400, 4401, 4404
DISTURBED = 1012, "ended by a fault"
"""Service restart (RFC 6455's registry)."""
__all__ = ["DISTURBED", "HEARTBEAT", "NOT_UNDERSTOOD", "TOO_SLOW", "UNKNOWN_SYMBOL", "WRONG_KEY", "Streams"]


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

    def __init__(self, market: Market, hub: Hub, key: str, heartbeat: float, faults: Faults) -> None:
        self._market = market
        self._hub = hub
        self._key = key
        self._heartbeat = heartbeat
        self._faults = faults
        faults.on("provider.refuse", begin=self._cut)
        faults.on("provider.reset", begin=lambda active: active.repeat(active.number("every"), self._cut))

    def _cut(self, _: Active) -> None:
        for subscriber in self._hub.subscribers:
            subscriber.drop(DISTURBED)

    async def serve(self, socket: WebSocket) -> None:
        """One connection, from its key to its end."""
        if self._faults.find("provider.refuse"):
            await socket.close()  # before it is accepted, which HTTP says by 403
            return
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
                if frame is not None:
                    await self._send_frame(socket, subscriber, frame)
                elif not (subscriber.overrun or self._faults.find("provider.half_open")):
                    await socket.send_bytes(b"[]")
            self._hub.subscribers.discard(subscriber)
            self._hub.settle()
            await socket.close(*subscriber.ending)
        except (WebSocketDisconnect, RuntimeError):
            return  # the connection ended meanwhile; the listener sees it too

    async def _send_frame(self, socket: WebSocket, subscriber: Subscriber, frame: bytes) -> None:
        """Unless a fault holds it back; a client of a stale provider still hears a heartbeat in its place."""
        if not self._faults.active or await passed(self._faults, frame, subscriber.offered):
            subscriber.spoke()
            await socket.send_bytes(frame)
        elif subscriber.silence >= self._heartbeat:
            subscriber.spoke()
            await socket.send_bytes(b"[]")
        subscriber.sent(frame)
        self._hub.settle()


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
