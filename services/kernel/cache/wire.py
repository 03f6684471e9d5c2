"""One connection to Redis, shared by everybody: commands leave as they are asked, answers come in the same order."""

import asyncio
from collections import deque
from typing import cast

from services.kernel.cache.protocol import CacheLost
from services.kernel.cache.resp import Refusal, Replies, Reply

PATIENCE = 1.0
"""Seconds of silence with an answer due after which the connection is given up."""
LATE = 0.1
"""Seconds that a loop may be late before what it should have read is waited for once more."""
MISTAKES = ("ERR", "WRONGTYPE", "NOSCRIPT")
"""Refusals that the command brought upon itself; all others (LOADING, OOM, READONLY) say that the cache can't now."""


class Asked:
    """Commands sent together, until each was answered."""

    __slots__ = ("answer", "left", "refusal")

    def __init__(self, answer: "asyncio.Future[Reply]", left: int) -> None:
        self.answer = answer
        self.left = left
        self.refusal: Refusal | None = None


class Wire(asyncio.Protocol):
    """Ends once, by either side or by a silence, and never comes back."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[str] = self._loop.create_future()
        """Why, once it is over."""
        self._replies = Replies()
        self._asked: deque[Asked] = deque()
        self._transport: asyncio.Transport | None = None
        self._heard = 0.0
        """When anything came, or was first waited for."""
        self._alarm: asyncio.TimerHandle | None = None

    async def ask(self, commands: bytes, count: int = 1) -> Reply:
        """Send so many commands and return the answer to the last; CacheLost when it does not come."""
        if self.ended.done():
            raise CacheLost(self.ended.result())
        if self._transport is None:
            raise CacheLost("not connected")
        asked = Asked(self._loop.create_future(), count)
        if not self._asked:
            self._heard = self._loop.time()
        self._asked.append(asked)
        self._transport.write(commands)
        if self._alarm is None:
            self._watch(PATIENCE)
        return await asked.answer

    def end(self, why: str) -> None:
        """Give the connection up, and all that is still waited for."""
        if self.ended.done():
            return
        self.ended.set_result(why)
        if self._alarm is not None:
            self._alarm.cancel()
        if self._transport is not None:
            self._transport.abort()
        while self._asked:
            answer = self._asked.popleft().answer
            if not answer.done():
                answer.set_exception(CacheLost(why))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.end(f"Redis closed the connection: {exc}" if exc else "Redis closed the connection")

    def data_received(self, data: bytes) -> None:
        self._heard = self._loop.time()
        try:
            self.take(self._replies.feed(data))
        except (ValueError, IndexError) as error:
            self.end(f"this is no Redis: {error}")

    def take(self, replies: list[Reply]) -> None:
        """Each reply is for whoever asked first; IndexError when nobody did."""
        for reply in replies:
            asked = self._asked[0]
            asked.left -= 1
            if isinstance(reply, Refusal):
                asked.refusal = asked.refusal or reply
            if not asked.left:
                del self._asked[0]
                answer(asked, reply)

    def _watch(self, seconds: float) -> None:
        due = self._loop.time() + seconds
        self._alarm = self._loop.call_later(seconds, self._look, due)

    def _look(self, due: float) -> None:
        """Whether what is due has come; silence that a busy loop of ours may have made is no proof."""
        self._alarm = None
        if not self._asked:
            return
        now = self._loop.time()
        left = self._heard + PATIENCE - now
        if left > 0:
            self._watch(left)
        elif now - due > LATE:
            self._watch(LATE)
        else:
            self.end(f"Redis gave no answer within {PATIENCE:g} s")


def answer(asked: Asked, reply: Reply) -> None:
    """Hand the reply over, or the first refusal of the commands that were sent together."""
    if asked.answer.done():
        return
    if asked.refusal is None:
        asked.answer.set_result(reply)
    elif str(asked.refusal).startswith(MISTAKES):
        asked.answer.set_exception(asked.refusal)
    else:
        asked.answer.set_exception(CacheLost(f"Redis: {asked.refusal}"))
