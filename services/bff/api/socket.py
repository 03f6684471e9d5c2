"""One WebSocket: frames in, frames out. Every frame out is a JSON array of messages, as many as waited for it."""

import asyncio
from typing import Any

from services.bff.handlers.desk import Desk
from services.bff.handlers.session import Session
from services.contracts.times import rfc3339
from services.runtime.asgi import Receive, Send
from services.runtime.clock import wall

TOKEN_WITHIN = 5.0
"""Seconds that a client has for its first message."""
LAST_WORDS = 1.0
"""Seconds that a client has to take what was sent before the connection ends."""
MOST_TEXT = 64 * 1024
"""Characters of a client's message."""
NO_TOKEN = 4408
TOO_LARGE = 1009


class Gone(Exception):
    """The client closed the connection."""


class Socket:
    """Serves WebSockets with the desk's answers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def __call__(self, receive: Receive, send: Send) -> None:
        """One connection, from the handshake to its end."""
        await receive()
        await send({"type": "websocket.accept"})
        session = Session(self._desk.settings.send_queue, self._desk.tally)
        beating = self._beat(session)
        reading = asyncio.ensure_future(self._read(session, receive))
        writing = asyncio.ensure_future(write(session, send))
        ends: set[asyncio.Future[Any]] = {reading, writing, session.closed}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if session.closed.done():
                await asyncio.wait({writing}, timeout=LAST_WORDS)
        finally:
            beating.cancel()
            self._desk.exit(session)
            for task in (reading, writing):
                task.cancel()
            outcomes = await asyncio.gather(reading, writing, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, Exception) and not isinstance(outcome, Gone | OSError):
                raise outcome

    async def _read(self, session: Session, receive: Receive) -> None:
        try:
            async with asyncio.timeout(TOKEN_WITHIN):
                first = await text(receive)
        except TimeoutError:
            session.close(NO_TOKEN, f"no token within {TOKEN_WITHIN:g} s")
            return
        await self._desk.enter(session, first)
        while not session.closed.done():
            command = await text(receive)
            if len(command) > MOST_TEXT:
                session.close(TOO_LARGE, "the message is too long")
                return
            await self._desk.take(session, command)

    def _beat(self, session: Session) -> "Heartbeat":
        return Heartbeat(session, self._desk.settings.heartbeat)


class Heartbeat:
    """Says now and then that the connection lives."""

    def __init__(self, session: Session, every: float) -> None:
        self._session = session
        self._every = every
        self._next = asyncio.get_running_loop().call_later(every, self._beat)

    def cancel(self) -> None:
        self._next.cancel()

    def _beat(self) -> None:
        self._session.say({"type": "heartbeat", "time": rfc3339(wall())})
        self._next = asyncio.get_running_loop().call_later(self._every, self._beat)


async def text(receive: Receive) -> str | bytes:
    """The client's next message; Gone when there is none any more."""
    message = await receive()
    if message["type"] == "websocket.disconnect":
        raise Gone
    content: str | bytes = message.get("text") or message.get("bytes") or ""
    return content


async def write(session: Session, send: Send) -> None:
    """Send what waits whenever the client can take it, at last the reason for the end."""
    outbox = session.outbox
    while True:
        await session.wait()
        while len(outbox) and not session.closed.done():
            frame = outbox.take().decode()
            session.tally.frames += 1
            session.tally.characters += len(frame)
            await send({"type": "websocket.send", "text": frame})
        if session.closed.done():
            code, reason = session.closed.result()
            await send({"type": "websocket.close", "code": code, "reason": reason})
            return
