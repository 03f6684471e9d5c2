"""Both sides of a session over a real connection that can be cut, with applications that count what they apply."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Self

from services.fix import tags
from services.fix.message import Body
from services.fix.session import Exchange, Role, SessionNumbers, SessionSettings, StoredMessage
from services.fix.store import MemoryStore
from services.fix.transport import Acceptor, Endpoint, Initiator
from tests.eventually import eventually

TAKEN = frozenset("B")
"""News: it carries any text."""


def news(name: str) -> Body:
    return Body("B", [(tags.Headline, name), (33, 1), (tags.Text, name)])


def settings(role: Role) -> SessionSettings:
    names = ("ORDERS", "BROKER") if role is Role.INITIATOR else ("BROKER", "ORDERS")
    return SessionSettings(role=role, sender_comp_id=names[0], target_comp_id=names[1], application=TAKEN)


class Books:
    """What an application has applied, and kept in the same breath as the session's numbers."""

    def __init__(self, answer: str | None = None) -> None:
        self.store = MemoryStore()
        self.applied: list[str] = []
        self.batches: list[int] = []
        self.failures = 0
        self.synchronisations = 0
        self._answer = answer

    async def load(self) -> SessionNumbers:
        return self.store.load()

    async def stored(self, begin: int, end: int) -> Sequence[StoredMessage]:
        return self.store.stored(begin, end)

    async def synchronised(self) -> None:
        self.synchronisations += 1

    async def commit(self, exchange: Exchange) -> None:
        names = [message.text(tags.Headline) or "" for message in exchange.delivered]
        if self._answer:
            exchange.send([news(f"{self._answer} {name}") for name in names])
        if names and self.failures:
            self.failures -= 1
            raise ConnectionResetError("the database is gone")
        self.applied += names
        self.batches += [len(names)] if names else []
        await asyncio.to_thread(self.store.keep, exchange)


class Proxy:
    """Carries bytes between the two until it is told to cut."""

    def __init__(self) -> None:
        self.target = 0
        self.port = 0
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        if self._server is not None:
            self._server.close()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def cut(self) -> None:
        """Bytes on their way are lost."""
        for writer in self._writers:
            writer.transport.abort()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._carry(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        ends = {writer, far_writer}
        self._writers |= ends
        await asyncio.gather(_copy(reader, far_writer), _copy(far_reader, writer))
        self._writers -= ends


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(65_536):
            writer.write(chunk)
    except ConnectionError:
        writer.transport.abort()
    finally:
        writer.close()


class Pair:
    """The two endpoints and what stands behind them."""

    def __init__(self, kill_point: Callable[[str], object] = str) -> None:
        self.orders, self.broker = Books(), Books(answer="re")
        self.proxy = Proxy()
        self.initiator = Endpoint(settings(Role.INITIATOR), self.orders)
        self.acceptor = Endpoint(settings(Role.ACCEPTOR), self.broker, send_when_down=True, kill_point=kill_point)

    async def send(self, *names: str) -> None:
        """Orders sends, waiting for the session where it must."""

        async def work(exchange: Exchange) -> None:
            exchange.send([news(name) for name in names])
            self.orders.store.keep(exchange)

        await eventually(lambda: self.initiator.logged_on)
        await self.initiator.run(work)

    async def report(self, *names: str) -> None:
        """The broker sends, whether there is a session or not."""

        async def work(exchange: Exchange) -> None:
            exchange.send([news(name) for name in names])
            self.broker.store.keep(exchange)

        await self.acceptor.run(work)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        async with Acceptor([self.acceptor]) as acceptor:
            self.proxy.target = acceptor.port
            yield

    @asynccontextmanager
    async def up(self) -> AsyncIterator[Self]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.listening())
            await stack.enter_async_context(self.proxy)
            await stack.enter_async_context(Initiator(self.initiator, "127.0.0.1", self.proxy.port))
            await self.initiator.wait_synchronised()
            yield self
