"""Of a service's processes one publishes what all of them have left in the outbox."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import update

from services.contracts.envelope import Envelope
from services.contracts.events.chat import MessagePosted
from services.kernel import lease, outbox, relay
from services.kernel.broker import BrokerLost, Queue, broker_for
from services.kernel.cache import cache_for
from services.kernel.database import Database
from services.kernel.relay import Relay
from services.kernel.tables import leases, metadata
from services.kernel.uow import UnitOfWork
from services.runtime import local
from services.runtime.clock import WALL
from tests import parts
from tests.envelopes import posted
from tests.eventually import eventually

QUEUE = "target"


class Process:
    """A service's process, as far as its relay goes."""

    def __init__(self, folder: Path) -> None:
        given = parts.of(folder)
        self.database = Database(given.database("source"), WALL)
        self.broker = broker_for(given.broker)
        self.relay = Relay(self.database, self.broker, cache_for(given.cache), "source")
        self.running: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.running = asyncio.create_task(self.relay.run())

    async def stop(self) -> None:
        if self.running:
            self.running.cancel()
            await asyncio.gather(self.running, return_exceptions=True)
        self.running = None

    async def emit(self, topic: str) -> None:
        async def use_case(uow: UnitOfWork) -> None:
            uow.emit(posted(topic))

        await self.database.transact(use_case)

    async def left(self) -> int:
        async with self.database.reading() as connection:
            return await outbox.unpublished(connection)


@pytest.fixture
async def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Process, Process]]:
    monkeypatch.setattr(lease, "RENEW_EVERY", 0.05)
    monkeypatch.setattr(lease, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(relay, "LOOK", 60.0)
    made = Process(tmp_path), Process(tmp_path)
    await made[0].database.change_schema(metadata.create_all)
    await made[0].broker.declare(QUEUE, (MessagePosted,))
    yield made
    for process in made:
        await process.stop()
        await process.database.close()
        await process.broker.close()
    local.clear()


async def taken(queue: Queue, count: int) -> list[Envelope]:
    """So many events, and no more that came with them."""
    events: list[Envelope] = []
    async with asyncio.timeout(5):
        while len(events) < count:
            events += [delivery.envelope for delivery in await queue.take(100)]
    return events


async def test_what_any_process_leaves_is_published_once_and_at_once(pair: tuple[Process, Process]) -> None:
    holder, other = pair
    queue = await holder.broker.consume(QUEUE)
    holder.start()
    await eventually(lambda: holder.relay.publishes)
    other.start()
    for number in range(20):
        await (holder, other)[number % 2].emit("topic")
    events = await taken(queue, 20)
    assert [event.seq for event in events] == list(range(1, 21))
    await eventually(lambda: nothing_left(holder))
    assert await queue.take(1, 0.1) == []
    assert not other.relay.publishes


async def test_who_follows_publishes_what_the_holder_left(pair: tuple[Process, Process]) -> None:
    holder, other = pair
    holder.start()
    await eventually(lambda: holder.relay.publishes)
    other.start()
    await holder.stop()
    await holder.emit("topic")
    await eventually(lambda: other.relay.publishes)
    queue = await other.broker.consume(QUEUE)
    assert [event.seq for event in await taken(queue, 1)] == [1]


async def test_confirmed_events_are_forgotten_with_the_next_transaction(
    pair: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "LINGER", 60.0)
    process, _ = pair
    process.start()
    await process.emit("topic")
    await eventually(lambda: process.relay.confirmed)
    assert await process.left() == 1
    await process.database.transact(nothing)
    assert await process.left() == 0
    await eventually(lambda: not process.relay.confirmed)


async def test_confirmed_events_that_no_transaction_takes_along_get_one(pair: tuple[Process, Process]) -> None:
    process, _ = pair
    process.start()
    await process.emit("topic")
    await eventually(lambda: process.relay.confirmed)
    await eventually(lambda: nothing_left(process))


async def test_who_has_lost_the_lease_lacks_nothing(
    pair: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    process, _ = pair
    monkeypatch.setattr(process.broker, "publish", refuse)
    process.start()
    await process.emit("topic")
    assert await eventually(lambda: process.relay.lost) == "gone"
    await process.database.transact(given_to_another)
    assert await eventually(lambda: process.relay.lost is None)
    assert not process.relay.publishes


async def refuse(_: object) -> None:
    raise BrokerLost("gone")


async def given_to_another(uow: UnitOfWork) -> None:
    """Nobody else runs, and nobody takes it from them within their lifetime."""
    await uow.execute(update(leases).values(token=leases.c.token + 1, holder="another"))


async def nothing(_: UnitOfWork) -> None:
    """A transaction of its own."""


async def nothing_left(process: Process) -> bool:
    return await process.left() == 0


async def test_the_one_that_publishes_looks_after_the_services_queue_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "LOOK", 0.01)
    monkeypatch.setattr(relay, "UPKEEP", 0.01)
    done: list[str] = []
    made = Process(tmp_path)
    await made.database.change_schema(metadata.create_all)

    async def upkeep() -> None:
        done.append("kept" if made.relay.publishes else "of another")

    made.relay = Relay(made.database, made.broker, cache_for("memory://cache"), "source", upkeep)
    made.start()
    await eventually(lambda: len(done) > 2)
    await made.stop()
    assert set(done) == {"kept"}
    await made.database.close()
    await made.broker.close()
    local.clear()
