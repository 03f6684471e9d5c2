"""A broker of each kind. A further kind is a further name here and a way to open it."""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from pathlib import Path
from typing import Protocol

import pytest

from services.contracts.event import Event
from services.kernel.broker import Broker
from services.kernel.broker.memory import MemoryBroker
from services.kernel.broker.rabbit.broker import RabbitBroker
from tests.cable import Cable
from tests.containers import vhost


class Kind(Protocol):
    """Where a broker's queues lie, and how its clients come and go."""

    async def connect(self) -> Broker:
        """A process's broker."""

    async def rest(self, broker: Broker) -> None:
        """Return when acknowledgements are safe from a loss."""

    async def lose(self) -> None:
        """End all clients as kill -9 would."""

    async def close(self) -> None: ...


class InMemory:
    """A file: its clients' processes only seem to end."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "broker.db"

    async def connect(self) -> MemoryBroker:
        return MemoryBroker(str(self._path))

    async def rest(self, broker: Broker) -> None:
        assert isinstance(broker, MemoryBroker)
        broker.file.flush()

    async def lose(self) -> None: ...

    async def close(self) -> None: ...


NONE: Mapping[str, int] = {}


class Sharded(RabbitBroker):
    """Divides each queue."""

    def expect(self, consumers: Mapping[type[Event], Collection[str]], shards: Mapping[str, int] = NONE) -> None:
        every = {queue: 8 for queues in consumers.values() for queue in queues}
        super().expect(consumers, {**every, **shards})

    async def declare(self, queue: str, events: Collection[type[Event]], shards: int = 8) -> None:
        await super().declare(queue, events, shards)


class InRabbit:
    """A virtual host, at the other end of a cable."""

    def __init__(self, url: str, client: type[RabbitBroker] = RabbitBroker) -> None:
        self._cable = Cable(url)
        self._client = client
        self._near = ""

    async def connect(self) -> RabbitBroker:
        self._near = self._near or await self._cable.lay()
        return self._client(self._near)

    async def rest(self, broker: Broker) -> None:
        await broker.queues()

    async def lose(self) -> None:
        self._cable.cut()

    async def close(self) -> None:
        await self._cable.remove()


class Opened:
    """The broker under test; ``lose`` ends its process as kill -9 would and starts the next one."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._all: list[Broker] = []
        self.now: Broker

    async def open(self) -> Broker:
        self.now = await self._kind.connect()
        self._all.append(self.now)
        return self.now

    async def lose(self) -> Broker:
        await self._kind.lose()
        return await self.open()

    async def rest(self) -> None:
        await self._kind.rest(self.now)

    async def close(self) -> None:
        for broker in reversed(self._all):
            await broker.close()
        await self._kind.close()


@pytest.fixture(params=["memory", "rabbitmq", "shards"])
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kind]:
    if request.param == "memory":
        yield InMemory(tmp_path)
        return
    with vhost() as url:
        yield InRabbit(url, Sharded if request.param == "shards" else RabbitBroker)


@pytest.fixture
async def opened(kind: Kind) -> AsyncIterator[Opened]:
    opened = Opened(kind)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def broker(opened: Opened) -> Broker:
    return opened.now
