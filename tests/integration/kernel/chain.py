"""A producer and a consumer with their databases and a broker between them, as two services have them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, Table, insert, select

from services.contracts.envelope import Envelope
from services.contracts.event import Event
from services.contracts.events.chat import MessagePosted
from services.kernel import tables
from services.kernel.broker import broker_for
from services.kernel.cache import cache_for
from services.kernel.columns import ROW, Key
from services.kernel.consumer import Consumer, Handlers
from services.kernel.database import Database
from services.kernel.relay import Relay
from services.kernel.uow import UnitOfWork
from services.runtime import local
from services.runtime.clock import WALL
from tests import parts
from tests.envelopes import posted

QUEUE = "reader"

metadata = MetaData()
applied = Table(
    "applied",
    metadata,
    Column("id", ROW, primary_key=True, autoincrement=True),
    Column("topic", Key(64), nullable=False),
    Column("number", ROW, nullable=False),
)
produced = Table(
    "produced", metadata, Column("topic", Key(64), primary_key=True), Column("number", ROW, primary_key=True)
)


def create(connection: Connection) -> None:
    """Unless they are there already."""
    tables.metadata.create_all(connection)
    metadata.create_all(connection)


async def produce(uow: UnitOfWork, topic: str, numbers: Sequence[int]) -> None:
    """A use case: rows, and an event for each."""
    await uow.execute(insert(produced), [{"topic": topic, "number": number} for number in numbers])
    for number in numbers:
        uow.emit(posted(topic, number))


async def apply(uow: UnitOfWork, event: MessagePosted, _: Envelope) -> None:
    """A handler that can't be applied twice unseen."""
    await uow.execute(insert(applied), {"topic": event.topic_id, "number": event.posted})


class Chain:
    """``start`` runs relay and consumer until the test is over."""

    def __init__(self, folder: Path, broker: str | None = None) -> None:
        given = parts.of(folder)
        self.source = Database(given.database("source"), WALL)
        self.target = Database(given.database("target"), WALL)
        self.broker = broker_for(broker or given.broker)
        self.relay = Relay(self.source, self.broker, cache_for("memory://chain"))
        self.tasks: list[asyncio.Task[None]] = []

    async def create(self) -> None:
        for database in (self.source, self.target):
            await database.change_schema(create)
        await self.broker.declare(QUEUE, (MessagePosted,))

    def consumer(self, handlers: Handlers | None = None, *, ordered: bool = True) -> Consumer:
        base: tuple[type[Event], ...] = (MessagePosted,) if ordered else ()
        return Consumer(self.target, self.broker, QUEUE, handlers or {MessagePosted: apply}, base)

    def start(self, *loops: Relay | Consumer) -> None:
        self.tasks.extend(asyncio.create_task(loop.run()) for loop in loops)

    async def applied(self, topic: str) -> list[int]:
        """What the consumer has applied of a topic, in that order."""
        async with self.target.reading() as connection:
            rows = await connection.execute(
                select(applied.c.number).where(applied.c.topic == topic).order_by(applied.c.id)
            )
            return list(rows.scalars())

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.source.close()
        await self.target.close()
        await self.broker.close()
        local.clear()


@asynccontextmanager
async def chain_in(folder: Path, broker: str | None = None) -> AsyncIterator[Chain]:
    chain = Chain(folder, broker)
    await chain.create()
    try:
        yield chain
    finally:
        await chain.close()
