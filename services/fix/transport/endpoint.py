"""Drives one session over its connections: bytes and time in, one transaction of the application, bytes out."""

import asyncio
import logging
import socket
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol, TypeAlias

from services.fix.codec import Framer, GarbledMessageError, decode
from services.fix.session import Exchange, Session, SessionNumbers, SessionSettings, StoredMessage
from services.fix.session.effects import Disconnect, LoggedOn, Resend, Send, Synchronised
from services.fix.session.settings import SECOND
from services.fix.validation import validate

log = logging.getLogger(__name__)

READ_SIZE = 65_536
"""Bytes; all messages of one read are one exchange."""
WRITE_BUFFER = 1_048_576
"""Bytes that may wait for a slow peer before it is waited for."""
WRITE_TIMEOUT = 30.0
"""Seconds that a peer may take to read them."""
TICK = 0.25
"""Seconds between looks at the clock."""

Work: TypeAlias = Callable[["Exchange"], Awaitable[None]]
Line: TypeAlias = Callable[[Sequence[bytes], Callable[[bytes], None]], None]
"""Gives frames to the writer, as they are unless it is to disturb them."""


def straight(frames: Sequence[bytes], write: Callable[[bytes], None]) -> None:
    """All of them at once."""
    write(b"".join(frames))


class NotLoggedOnError(Exception):
    """There is no session on the wire, and the endpoint does not send into the void."""


class Application(Protocol):
    """What stands behind a session; `commit` is its one transaction."""

    async def load(self) -> SessionNumbers:
        """The numbers as kept last, SessionNumbers(1, 1) at first."""
        ...

    async def commit(self, exchange: Exchange) -> None:
        """Apply exchange.delivered, exchange.send() what it causes, keep numbers and exchange.sent, commit."""
        ...

    async def stored(self, begin: int, end: int) -> Sequence[StoredMessage]:
        """The kept messages with these numbers, in order, both ends included."""
        ...

    async def synchronised(self) -> None:
        """Both sides have finished their resends (initiator); runs as a task, cancelled with the connection."""
        ...


def wall_clock() -> int:
    """Microseconds UTC."""
    return time.time_ns() // 1000


class Endpoint:
    """One session. A failed transaction drops the connection, and the numbers are loaded again."""

    def __init__(
        self,
        settings: SessionSettings,
        application: Application,
        *,
        send_when_down: bool = False,
        clock: Callable[[], int] = wall_clock,
        kill_point: Callable[[str], object] = str,
        line: Line = straight,
    ) -> None:
        """With ``send_when_down`` messages are numbered and kept without a connection; a resend brings them later."""
        self.settings = settings
        self._application = application
        self._send_when_down = send_when_down
        self._clock = clock
        self._kill_point = kill_point
        self._line = line
        self._session: Session | None = None
        self._lock = asyncio.Lock()
        self._writer: asyncio.StreamWriter | None = None
        self._tasks: asyncio.TaskGroup | None = None
        self._followers: list[asyncio.Task[None]] = []
        self._is_detached = asyncio.Event()
        self._is_detached.set()
        self._is_logged_on = asyncio.Event()
        self._is_synchronised = asyncio.Event()
        self._was_logged_on = False
        """Whether Logons were exchanged over this connection."""
        self._counts: Counter[tuple[str, str]] = Counter()
        self.logons = 0

    @property
    def attached(self) -> bool:
        """Whether a connection carries the session now."""
        return not self._is_detached.is_set()

    @property
    def logged_on(self) -> bool:
        """Whether application messages go to the wire."""
        return self._session is not None and self._session.logged_on

    @property
    def counts(self) -> Mapping[tuple[str, str], int]:
        """Messages by direction, ``in`` or ``out``, and MsgType."""
        return self._counts

    @property
    def numbers(self) -> SessionNumbers | None:
        """The next ones to be received and sent; none before they were loaded."""
        return self._session.numbers if self._session is not None else None

    @property
    def synchronised(self) -> bool:
        """Whether both sides have finished their resends (initiator)."""
        return self._is_synchronised.is_set()

    async def wait_logged_on(self) -> None:
        """Until Logons are exchanged."""
        await self._is_logged_on.wait()

    async def wait_synchronised(self) -> None:
        """Until both sides have finished their resends (initiator)."""
        await self._is_synchronised.wait()

    async def run(self, work: Work, within: float | None = None) -> None:
        """Let `work` send in a transaction of its own; NotLoggedOnError when nothing could leave.

        Also where the session has no time for it ``within`` so many seconds.
        """
        await self._turn(within)
        try:
            if not self._send_when_down and not self.logged_on:
                raise NotLoggedOnError(f"no session with {self.settings.target_comp_id}")
            await self._finish(await self._exchange(), work)
        finally:
            self._lock.release()

    async def _turn(self, within: float | None) -> None:
        """Take the lock."""
        try:
            async with asyncio.timeout(within):
                await self._lock.acquire()
        except TimeoutError:
            raise NotLoggedOnError(f"the session with {self.settings.target_comp_id} is busy") from None

    async def leave(self, text: str = "") -> None:
        """Log out and wait for the connection to end, at most twice the logout time-out."""
        if not self.logged_on:
            return
        async with self._lock:
            if self._session is None or not self.logged_on:
                return
            exchange = await self._exchange()
            exchange.effects += self._session.log_out(exchange.now, text)
            await self._commit(exchange)
        try:
            async with asyncio.timeout(2 * self.settings.logout_timeout / SECOND):
                await self._is_detached.wait()
        except TimeoutError:
            log.warning("FIX session with %s did not end in order", self.settings.target_comp_id)

    def drop(self) -> None:
        """End the connection without a word, and forget the numbers: another process goes on with the session."""
        self._forget()

    def cut(self) -> None:
        """End the connection without a word; the session goes on with the next one."""
        if self._writer is not None:
            self._writer.transport.abort()

    async def attach(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes = b"") -> bool:
        """Carry the session over this connection until it ends; True when Logons were exchanged.

        ``first`` was read from the connection already.
        """
        _no_delay(writer)
        self._is_detached.clear()
        self._was_logged_on = False
        try:
            async with asyncio.TaskGroup() as tasks:
                await self._connect(writer, tasks)
                self._followers = [tasks.create_task(self._tick())]
                await self._read(reader, first)
                async with self._lock:  # between two transactions, for one cut short might still be committed
                    for follower in self._followers:
                        follower.cancel()
            return self._was_logged_on
        finally:
            self._detach()
            await close(writer)

    def _detach(self) -> None:
        self._writer, self._tasks = None, None
        self._is_detached.set()
        if self._session is not None:
            self._session.disconnected()
        self._withdraw()

    def _withdraw(self) -> None:
        """Who waits for a session does not take one that ends for it, although its connection is still there."""
        if not self.logged_on:
            self._is_logged_on.clear()
            self._is_synchronised.clear()

    async def _connect(self, writer: asyncio.StreamWriter, tasks: asyncio.TaskGroup) -> None:
        """From here on what is sent goes to this connection; work that began before it still meets none."""
        async with self._lock:
            exchange = await self._exchange()
            self._writer, self._tasks = writer, tasks
            exchange.effects += self._loaded().connected(exchange.now)
            await self._commit(exchange)

    async def _read(self, reader: asyncio.StreamReader, chunk: bytes) -> None:
        framer = Framer()
        while chunk := chunk or await next_chunk(reader):
            frames = framer.feed(chunk)
            chunk = b""
            if frames:
                async with self._lock:
                    exchange = await self._exchange()
                    self._receive(exchange, frames)
                    await self._commit(exchange)

    def _receive(self, exchange: Exchange, frames: Sequence[bytes]) -> None:
        session = self._loaded()
        for frame in frames:
            try:
                message = decode(frame)
            except GarbledMessageError as why:
                log.warning("FIX message ignored: %s", why)
                exchange.effects += session.garbled()
            else:
                self._counts["in", message.msg_type] += 1
                exchange.effects += session.received(message, exchange.now)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            async with self._lock:
                exchange = await self._exchange()
                exchange.effects += self._loaded().tick(exchange.now)
                await self._commit(exchange)

    # One transaction; the lock is held

    async def _exchange(self) -> Exchange:
        if self._session is None:
            self._session = Session(self.settings, await self._application.load(), validate)
        return Exchange(self._session, self._clock())

    def _loaded(self) -> Session:
        if self._session is None:
            raise NotLoggedOnError("the numbers have not been loaded")
        return self._session

    async def _commit(self, exchange: Exchange) -> None:
        if exchange.changed:
            await self._finish(exchange, self._application.commit)

    async def _finish(self, exchange: Exchange, work: Work) -> None:
        try:
            await work(exchange)
        except BaseException:
            if exchange.changed:
                self._forget()
            exchange.abandon()
            raise
        await self._carry_out(exchange)
        self._withdraw()

    def _forget(self) -> None:
        """The store may be behind the session in memory: drop both connection and memory."""
        self._session = None
        self._withdraw()
        if self._writer is not None:
            self._writer.transport.abort()

    async def _carry_out(self, exchange: Exchange) -> None:
        writes: list[bytes] = []
        closing = None
        for effect in exchange.effects:
            match effect:
                case Send(write=True):
                    writes.append(effect.frame)
                case Resend():
                    stored = await self._application.stored(effect.begin, effect.end)
                    writes += self._loaded().replay(effect, stored, exchange.now)
                case LoggedOn():
                    log.info("FIX session with %s is up", self.settings.target_comp_id)
                    self._was_logged_on = True
                    self.logons += 1
                    self._is_logged_on.set()
                case Synchronised():
                    self._on_synchronised()
                case Disconnect():
                    closing = effect.reason
                case _:
                    continue
        writer = self._writer
        if writer is None or writer.is_closing():
            return
        if writes:
            await self._write(writer, writes)
        if closing is not None:
            log.info("FIX session with %s ends: %s", self.settings.target_comp_id, closing)
            writer.close()

    async def _write(self, writer: asyncio.StreamWriter, frames: Sequence[bytes]) -> None:
        self._counts.update(("out", type_of(frame)) for frame in frames)
        self._kill_point("fix.send.before")
        self._line(frames, writer.write)
        self._kill_point("fix.send.after")
        if writer.transport.get_write_buffer_size() > WRITE_BUFFER:
            try:
                async with asyncio.timeout(WRITE_TIMEOUT):
                    await writer.drain()
            except TimeoutError:
                writer.transport.abort()
                raise

    def _on_synchronised(self) -> None:
        self._is_synchronised.set()
        if self._tasks is not None:
            self._followers.append(self._tasks.create_task(self._tell_synchronised()))

    async def _tell_synchronised(self) -> None:
        try:
            await self._application.synchronised()
        except NotLoggedOnError as why:
            log.info("FIX session lost while its application caught up: %s", why)


def type_of(frame: bytes) -> str:
    """MsgType, which is always the third field."""
    return frame.split(b"\x01", 3)[2][3:].decode()


async def next_chunk(reader: asyncio.StreamReader) -> bytes:
    """What came, empty at the end; a reset connection has ended too."""
    try:
        return await reader.read(READ_SIZE)
    except ConnectionError as why:
        log.info("FIX connection lost: %s", why)
        return b""


async def close(writer: asyncio.StreamWriter) -> None:
    """Close the connection, whatever the peer has done to it."""
    writer.close()
    try:
        await writer.wait_closed()
    except OSError as why:
        log.info("FIX connection closed: %s", why)


def _no_delay(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
