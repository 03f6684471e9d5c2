"""From the outbox to the broker, in order; one relay a service."""

import asyncio

from services.kernel import outbox
from services.kernel.broker import Broker, BrokerLost
from services.kernel.database import Database
from services.kernel.uow import UnitOfWork
from services.runtime import log
from services.runtime.killpoints import reach

BATCH = 500
"""Events published with one confirm."""
LOOK = 1.0
"""Seconds after which it looks although nobody woke it."""
PAUSE = 0.5
"""Seconds that a lost broker is left alone."""


class Relay:
    """Publishes what transactions have left in the outbox; `run` is a loop for life."""

    def __init__(self, database: Database, broker: Broker, name: str = "relay") -> None:
        self._database = database
        self._broker = broker
        self._awake = asyncio.Event()
        self._log = log.logger(name)
        self.lost: str | None = None
        """Why nothing can be published at the moment."""
        database.on_events(self._awake.set)

    async def run(self) -> None:
        while True:
            self._awake.clear()
            if not await self._publish():
                await self._sleep(LOOK if self.lost is None else PAUSE)

    async def _publish(self) -> bool:
        """Publish one batch; whether there is more to publish at once."""
        async with self._database.reading() as connection:
            batch = await outbox.oldest(connection, BATCH)
        if not batch:
            return False
        reach("outbox.before_publish")
        try:
            await self._broker.publish([envelope for _, envelope in batch])
        except BrokerLost as error:
            self.lost = str(error)
            self._log.warning("broker lost", error=self.lost)
            return False
        self.lost = None
        reach("outbox.after_confirm")
        await self._database.transact(_remove, [row_id for row_id, _ in batch])
        reach("outbox.after_mark")
        return len(batch) == BATCH

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._awake.wait()
        except TimeoutError:
            return


async def _remove(uow: UnitOfWork, ids: list[int]) -> None:
    await outbox.remove(uow, ids)
