"""Which of several processes does what one of them may do at a time: who holds a row, and renews it.

No clock is held against another one: the holder counts a number up, and who has watched that number stand still for a
lease's lifetime takes the lease. The holder takes itself for the holder for less than that since it last counted. Each
holder has a higher token than the one before; ``fence`` refuses, in the transaction of what must not be done by two,
whoever has been asleep meanwhile.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from sqlalchemy import bindparam, select, update
from structlog.typing import FilteringBoundLogger

from services.kernel.connections import Terms
from services.kernel.database import Database
from services.kernel.holder import is_dead, new_holder
from services.kernel.inserts import insert_if_new
from services.kernel.lost import is_lost
from services.kernel.tables import leases
from services.kernel.uow import UnitOfWork
from services.runtime import patience

LIFETIME = 4.0
"""Seconds without a sign after which a holder is taken for dead."""
CERTAIN = 0.75
"""The part of it for which a holder is sure of itself."""
RENEW_EVERY = 1.0
LOOK_EVERY = 0.5
AGAIN = 5.0
"""Seconds after which work that was told to end is told again: a library may have kept that to itself."""
FREE = ""
"""The holder of a lease that was given back."""

ROW = select(leases.c.holder, leases.c.token, leases.c.beat).where(leases.c.name == bindparam("of"))
THIS = (leases.c.name == bindparam("of"), leases.c.token == bindparam("of_token"))
TAKE = (
    update(leases)
    .where(*THIS, leases.c.beat == bindparam("of_beat"))
    .values(holder=bindparam("by"), token=leases.c.token + 1, beat=0)
)
RENEW = update(leases).where(*THIS).values(beat=leases.c.beat + 1)
GIVE_BACK = update(leases).where(*THIS).values(holder=FREE)
FENCE = update(leases).where(*THIS).values(token=bindparam("of_token"))
"""Changes nothing, and locks the row."""


class LeaseLost(ConnectionError):
    """Another process holds the lease now: nobody's fault, and nothing of this transaction may be."""


class Held(NamedTuple):
    """The lease's row."""

    holder: str
    token: int
    beat: int


class Lease:
    """``run`` is a loop for life."""

    def __init__(self, database: Database, name: str, log: FilteringBoundLogger) -> None:
        self._database = database
        self.name = name
        database.leases.append(self)
        self._holder = new_holder()
        self._token = 0
        self._sure_until = 0.0
        self._seen: Held | None = None
        self._seen_at = 0.0
        self._log = log

    @property
    def held(self) -> bool:
        """Whether this process is sure that it holds the lease."""
        return time.monotonic() < self._sure_until

    @property
    def elsewhere(self) -> bool:
        """Whether another process gave a sign of holding it when this one last looked."""
        return not self.held and self._seen is not None and not self._is_over(self._seen)

    async def run(self, work: Callable[[], Awaitable[None]]) -> None:
        """For life: do the work whenever the lease is held; it is cancelled when the lease is lost."""
        while True:
            await self._until_taken()
            try:
                await self._while_held(work)
            finally:
                await self._give_back()

    async def fence(self, uow: UnitOfWork) -> None:
        """Only for the holder, which stays it from the next statement on; LeaseLost, by then, for anybody else."""
        await uow.later(FENCE, {"of": self.name, "of_token": self._token}, Terms(one=True, otherwise=self._lost))

    def _lost(self) -> LeaseLost:
        self._sure_until = 0.0
        return LeaseLost(f"the lease {self.name} was lost")

    async def _until_taken(self) -> None:
        while not self.held:
            started = time.monotonic()
            try:
                if taken := await self._attempt():
                    self._token = taken
                    self._be_sure_from(started)
                    self._log.info("lease taken", lease=self.name, token=taken)
                    return
            except Exception as error:
                if not is_lost(error):
                    raise
                self._log.warning("lease waits", lease=self.name, error=str(error))
            await asyncio.sleep(LOOK_EVERY)

    async def _attempt(self) -> int:
        """The new token, where the lease may be taken and nobody else was first; else 0."""
        async with self._database.reading() as connection:
            row = (await connection.execute(ROW, {"of": self.name})).one_or_none()
        if row is None:
            return await self._database.transact(self._begin)
        seen = Held(*row)
        if seen != self._seen:
            self._seen, self._seen_at = seen, time.monotonic()
        return await self._database.transact(self._take, seen) if self._is_over(seen) else 0

    def _is_over(self, seen: Held) -> bool:
        if seen.holder in {FREE, self._holder}:  # its own it has lost touch of, and does nothing under it
            return True
        stands_for = time.monotonic() - self._seen_at
        return is_dead(seen.holder) or stands_for >= patience.stretched(LIFETIME)

    async def _begin(self, uow: UnitOfWork) -> int:
        row = {"name": self.name, "holder": self._holder, "token": 1, "beat": 0}
        return 1 if await insert_if_new(uow, leases, row) else 0

    async def _take(self, uow: UnitOfWork, seen: Held) -> int:
        this = {"of": self.name, "of_token": seen.token, "of_beat": seen.beat, "by": self._holder}
        return seen.token + 1 if (await uow.execute(TAKE, this)).rowcount else 0

    async def _while_held(self, work: Callable[[], Awaitable[None]]) -> None:
        """Work, and renew; returns when the lease is lost."""
        working = asyncio.ensure_future(work())
        try:
            while self.held and not working.done():
                await asyncio.wait((working,), timeout=RENEW_EVERY)
                if not working.done():
                    await self._renew()
            if working.done():
                working.result()
                raise RuntimeError(f"the work under the lease {self.name} ended")
            self._log.warning("lease lost", lease=self.name, token=self._token)
        finally:
            while not working.done():
                working.cancel()
                await asyncio.wait((working,), timeout=AGAIN)
        if not working.cancelled() and (error := working.exception()) and not is_lost(error):
            raise error

    async def _renew(self) -> None:
        """Be sure for longer; when there is no answer, not for longer than before."""
        started = time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, self._sure_until - started)):
                renewed = await self._database.transact(self._count)
        except Exception as error:
            if not is_lost(error):
                raise
            self._log.warning("lease is not renewed", lease=self.name, error=str(error))
            return
        if renewed:
            self._be_sure_from(started)
        else:
            self._sure_until = 0.0

    async def _count(self, uow: UnitOfWork) -> bool:
        return (await uow.execute(RENEW, {"of": self.name, "of_token": self._token})).rowcount == 1

    def _be_sure_from(self, moment: float) -> None:
        self._sure_until = moment + patience.stretched(LIFETIME * CERTAIN)

    async def _give_back(self) -> None:
        """So that nobody waits for it; where the database does not answer, the others wait."""
        self._sure_until = 0.0
        try:
            async with asyncio.timeout(1):
                await self._database.transact(self._free)
        except Exception as error:
            if not is_lost(error):
                raise
            self._log.warning("lease is not given back", lease=self.name, error=str(error))

    async def _free(self, uow: UnitOfWork) -> None:
        await uow.execute(GIVE_BACK, {"of": self.name, "of_token": self._token})
