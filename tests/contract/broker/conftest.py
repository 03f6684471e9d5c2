"""A broker of each kind. A further kind is a further name here and a way to open it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from services.kernel.broker import Broker
from services.kernel.broker.memory import MemoryBroker


class Opened:
    """The broker under test; ``lose`` ends its process as kill -9 would and starts the next one."""

    def __init__(self, connect: Callable[[], Awaitable[Broker]]) -> None:
        self._connect = connect
        self._lost: list[Broker] = []
        self.now: Broker

    async def open(self) -> Broker:
        self.now = await self._connect()
        return self.now

    async def lose(self) -> Broker:
        self._lost.append(self.now)
        return await self.open()

    async def close(self) -> None:
        await self.now.close()
        for broker in self._lost:
            await broker.close()


@pytest.fixture(params=["memory"])
async def opened(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Opened]:
    async def in_memory() -> Broker:
        return MemoryBroker(str(tmp_path / "broker.db"))

    opened = Opened({"memory": in_memory}[request.param])
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def broker(opened: Opened) -> Broker:
    return opened.now
