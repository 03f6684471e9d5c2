"""From the outbox to the broker, in order; one relay a service."""

import asyncio

from services.kernel import outbox
from services.kernel.broker import Broker
from services.kernel.database import Database
from services.kernel.lost import is_lost
from services.kernel.uow import UnitOfWork
from services.runtime import log
from services.runtime.killpoints import reach

BATCH = 500
"""Events published with one confirm."""
LOOK = 1.0
"""Seconds after which it looks although nobody woke it."""
PAUSE = 0.5
"""Seconds that a lost broker or database is left alone."""


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
        """Publish for life."""
        while True:
            try:
                self._awake.clear()
                more = await self._publish()
                self.lost = None
                if not more:
                    await self._sleep()
            except Exception as error:
                if not is_lost(error):
                    raise
                self.lost = str(error)
                self._log.warning("relay waits", error=self.lost)
                await asyncio.sleep(PAUSE)

    async def _publish(self) -> bool:
        """Publish one batch; whether there is more to publish at once."""
        async with self._database.reading() as connection:
            batch = await outbox.oldest(connection, BATCH)
        if not batch:
            return False
        reach("outbox.before_publish")
        await self._broker.publish([envelope for _, envelope in batch])
        reach("outbox.after_confirm")
        await self._database.transact(_remove, [row_id for row_id, _ in batch])
        reach("outbox.after_mark")
        return len(batch) == BATCH

    async def _sleep(self) -> None:
        try:
            async with asyncio.timeout(LOOK):
                await self._awake.wait()
        except TimeoutError:
            return


async def _remove(uow: UnitOfWork, ids: list[int]) -> None:
    await outbox.remove(uow, ids)
