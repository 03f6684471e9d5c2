"""What the broker is given by REST, and what is read off his record, each in one transaction with its mark."""

from collections.abc import Sequence

from services.kernel.uow import UnitOfWork
from services.orders.domain.reports import Report
from services.orders.handlers.reporting import Reported, report
from services.orders.handlers.session import Fence
from services.orders.store import Connection, dispatches, places
from services.orders.store.dispatches import Waiting

__all__ = ["Waiting", "given", "place", "read", "take"]

RECORD = "broker.record"


async def take(uow: UnitOfWork, fence: Fence, limit: int) -> list[Waiting]:
    """The oldest messages, marked as tried: from now on nobody may say that they were not sent."""
    found = await dispatches.try_oldest(uow, limit)
    await fence(uow)
    return found


async def given(uow: UnitOfWork, fence: Fence, row: int, reports: Sequence[Report]) -> Reported:
    """The broker has it, or has refused it: it waits no longer."""
    reported = await report(uow, reports)
    await dispatches.remove(uow, [row])
    await fence(uow)
    return reported


async def read(uow: UnitOfWork, fence: Fence, reports: Sequence[Report], number: int) -> Reported:
    """Apply what the record has up to a number, which is the place to go on from."""
    reported = await report(uow, reports)
    await places.keep(uow, RECORD, number)
    await fence(uow)
    return reported


async def place(connection: Connection) -> int:
    """The last number that was read; 0 at first."""
    return await places.place(connection, RECORD)
