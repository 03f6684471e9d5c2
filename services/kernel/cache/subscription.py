"""A subscription in Redis: a connection of its own, which comes back by itself and says what that has cost."""

import asyncio
import math
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from redis.asyncio import BlockingConnectionPool, Connection

from services.kernel.cache.link import AWAY, PATIENCE, PING_EVERY, Pauses
from services.kernel.cache.mailbox import Mailbox


class RedisSubscription(Mailbox):
    """Says LOST when the connection is lost, at each attempt that fails after it, and when all is subscribed again."""

    def __init__(self, pool: BlockingConnectionPool, channels: Sequence[str], most: int) -> None:
        super().__init__(most)
        self._pool = pool
        self._wanted = {channel.encode(): channel for channel in channels}
        self._connection: Connection | None = None
        """Where all that is wanted is subscribed, while there is such a one."""
        self._due: deque[asyncio.Future[None]] = deque()
        """Of what Redis was told, each until it has answered."""
        self._pauses = Pauses()
        self._tried = asyncio.Event()
        self._running = asyncio.get_running_loop().create_task(self._run())

    @property
    def closed(self) -> bool:
        return self._running.done()

    async def open(self) -> None:
        """Return when the channels are subscribed, or cannot be for now."""
        await self._tried.wait()

    async def add(self, *channels: str) -> None:
        new = {name: channel for channel in channels if (name := channel.encode()) not in self._wanted}
        self._wanted |= new
        await self._tell("SUBSCRIBE", list(new))

    async def remove(self, *channels: str) -> None:
        gone = [name for channel in channels if self._wanted.pop(name := channel.encode(), None)]
        await self._tell("UNSUBSCRIBE", gone)

    async def close(self) -> None:
        self.end()
        self._running.cancel()
        await asyncio.wait({self._running})

    async def _tell(self, command: str, names: Sequence[bytes]) -> None:
        """While Redis is away it is enough that the names are wanted: they are subscribed when it is back."""
        if not names or self._connection is None:
            return
        answers = [asyncio.get_running_loop().create_future() for _ in names]
        self._due.extend(answers)
        with suppress(*AWAY):
            await self._connection.send_command(command, *names)
        await asyncio.wait(answers)

    async def _run(self) -> None:
        """Connect, stay, and again, for life; an error that nobody has thought of ends the iteration too."""
        try:
            while True:
                await self._attempt()
                await self._pauses.wait()
        finally:
            self.end()

    async def _attempt(self) -> None:
        """One connection, from its begin to its end."""
        connection = self._pool.make_connection()
        try:
            await self._begin(connection)
            await self._stay(connection)
        except AWAY:
            self.lose()
        finally:
            self._tried.set()
            await self._leave(connection)

    async def _begin(self, connection: Connection) -> None:
        """Subscribe to all that is wanted, also to what became so meanwhile."""
        async with asyncio.timeout(PATIENCE):
            await connection.connect()
            await connection.send_command("PING")
            await read(connection)
            done: set[bytes] = set()
            while missing := [name for name in self._wanted if name not in done]:
                await connection.send_command("SUBSCRIBE", *missing)
                done.update(missing)
                left = len(missing)
                while left:
                    left -= self._take([await read(connection)])
        self._connection = connection
        self._pauses = Pauses()
        if self._tried.is_set():
            self.lose()
        self._tried.set()

    async def _stay(self, connection: Connection) -> None:
        """Take what comes until the connection is lost, which is raised."""
        asked = False
        while True:
            replies: list[Any] = []
            try:
                async with asyncio.timeout(PING_EVERY):
                    await drain(connection, replies)
                asked = False
            except TimeoutError:
                if asked and not replies:
                    raise
                asked = True
                self._due.append(asyncio.get_running_loop().create_future())
                await connection.send_command("PING")
            finally:
                self._answered(self._take(replies))

    async def _leave(self, connection: Connection) -> None:
        """Whoever waits for an answer has waited long enough: what is wanted is known."""
        self._connection = None
        self._answered(len(self._due))
        with suppress(*AWAY):
            await connection.disconnect()

    def _take(self, replies: list[Any]) -> int:
        """Pass the messages on; how many of the replies were none."""
        messages = [reply for reply in replies if reply[0] == b"message"]
        wanted = self._wanted
        if named := [(wanted[name], body) for _, name, body in messages if name in wanted]:
            self.offer(named)
        return len(replies) - len(messages)

    def _answered(self, count: int) -> None:
        for _ in range(count):
            answer = self._due.popleft()
            if not answer.done():
                answer.set_result(None)


async def read(connection: Connection) -> Any:
    """The next message or answer, however long it takes; who is cancelled here has lost nothing."""
    return await connection.read_response(timeout=math.inf, disconnect_on_error=False)


async def drain(connection: Connection, replies: list[Any]) -> None:
    """All that has come, at least one reply."""
    replies.append(await read(connection))
    while await connection.can_read():
        replies.append(await read(connection))
