"""One client of the WebSocket: what it follows, what waits for it, and when it has to go."""

import asyncio
from collections.abc import Callable, Iterator

import msgspec

from services.bff.domain.deltas import Delta, message
from services.bff.domain.outbox import Outbox
from services.bff.domain.tally import Tally
from services.contracts.times import rfc3339
from services.kernel.security import Principal
from services.runtime.clock import wall

ENCODER = msgspec.json.Encoder()
UNAUTHORISED = 4401
TOO_MANY = 4429
TRY_AGAIN = 1013
NOBODY = Principal("", "", frozenset())


class Session:
    """What others put here is sent by the socket's writer, which sleeps in `wait`."""

    def __init__(self, most_waiting: int, tally: Tally | None = None) -> None:
        self.tally = tally or Tally()
        self.principal = NOBODY
        self.token = ""
        self.outbox = Outbox(most_waiting, self.tally)
        self.subscriptions: dict[str, Callable[[], None]] = {}
        """By channel, how to leave it."""
        self.closed: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()
        self._waiting: asyncio.Future[None] | None = None
        self._expiry: asyncio.TimerHandle | None = None

    def authenticate(self, principal: Principal, token: str, expires: int) -> None:
        """Act for somebody until the token expires (wall time, seconds)."""
        self.principal, self.token = principal, token
        if self._expiry is not None:
            self._expiry.cancel()
        left = expires - wall() / 1_000_000
        self._expiry = asyncio.get_running_loop().call_later(left, self.close, UNAUTHORISED, "the token has expired")
        self.say({"type": "authenticated", "user_id": principal.user_id, "expires_at": rfc3339(expires * 1_000_000)})

    def deliver(self, delta: Delta) -> None:
        """A change of a channel."""
        given_up = self.outbox.add(delta)
        if given_up is not None:
            self.lose(given_up)
        self.wake()

    def snapshot(self, channel: str, seq: int, data: bytes) -> None:
        """A channel's whole state, in the place of changes that still wait."""
        self.outbox.forget(channel)
        self.outbox.say(channel, message(channel, "snapshot", seq, None, data))
        self.wake()

    def lose(self, channel: str) -> None:
        """The client must subscribe anew: there is a hole."""
        self.leave(channel)
        self.say({"type": "resubscribe", "channel": channel})

    def refuse(self, channel: str | None, code: str, detail: str) -> None:
        """Something that was asked for is not done."""
        self.say({"type": "error", "channel": channel, "code": code, "detail": detail})

    def say(self, content: object) -> None:
        """A message that belongs to no channel; who asks and asks and never listens has to go."""
        self.outbox.say("", ENCODER.encode(content))
        if len(self.outbox) > 2 * self.outbox.most:
            self.close(TRY_AGAIN, "too many messages wait")
        self.wake()

    def leave(self, channel: str) -> bool:
        """Follow a channel no more; whether it was followed."""
        leaving = self.subscriptions.pop(channel, None)
        if leaving is None:
            return False
        leaving()
        self.outbox.forget(channel)
        return True

    def close(self, code: int, reason: str) -> None:
        """End the connection."""
        if not self.closed.done():
            self.closed.set_result((code, reason))
            self.tally.closed[code] += 1
        self.wake()

    def end(self) -> None:
        """Nothing is sent any more."""
        for channel in list(self.subscriptions):
            self.leave(channel)
        if self._expiry is not None:
            self._expiry.cancel()

    def wake(self) -> None:
        """There is something to send."""
        if self._waiting is not None:
            if not self._waiting.done():
                self._waiting.set_result(None)
            self._waiting = None

    async def wait(self) -> None:
        """Return when there is something to send, or nothing ever again."""
        if not len(self.outbox) and not self.closed.done():
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting


class Sessions:
    """All clients, by user and by the session of their token."""

    def __init__(self, most_per_user: int) -> None:
        self._most = most_per_user
        self._by_user: dict[str, set[Session]] = {}
        self.tally = Tally()

    def __iter__(self) -> Iterator[Session]:
        return (session for some in self._by_user.values() for session in some)

    def __len__(self) -> int:
        return sum(len(some) for some in self._by_user.values())

    def add(self, session: Session) -> bool:
        """Whether the user may have one more."""
        others = self._by_user.setdefault(session.principal.user_id, set())
        if len(others) >= self._most:
            return False
        others.add(session)
        return True

    def remove(self, session: Session) -> None:
        others = self._by_user.get(session.principal.user_id)
        if others is not None:
            others.discard(session)
            if not others:
                del self._by_user[session.principal.user_id]

    def revoke(self, user_id: str, session_ids: tuple[str, ...] | None = None) -> None:
        """Close the user's connections in these sessions, or in all."""
        for session in list(self._by_user.get(user_id, ())):
            if session_ids is None or session.principal.session_id in session_ids:
                session.close(UNAUTHORISED, "the session has ended")

    def lose_all(self, kinds: frozenset[str]) -> None:
        """Events were lost: whoever follows a channel of these kinds must subscribe anew."""
        for session in [each for some in self._by_user.values() for each in some]:
            for channel in list(session.subscriptions):
                if channel.partition(":")[0] in kinds:
                    session.lose(channel)
