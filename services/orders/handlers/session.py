"""The FIX session's transactions: what it takes and what it brings, with its numbers and bytes."""

from collections.abc import Callable, Sequence

from services.fix.message import Body
from services.fix.session import Exchange
from services.kernel.uow import UnitOfWork
from services.orders.domain.changes import Dispatch
from services.orders.domain.reports import Report
from services.orders.handlers.reporting import Reported, report
from services.orders.store import dispatches, fix
from services.runtime.killpoints import reach


async def give(
    uow: UnitOfWork, session: str, exchange: Exchange, body_of: Callable[[Dispatch], Body], limit: int
) -> list[Dispatch]:
    """Give waiting messages to the session: the mark, the numbers and the bytes are one transaction."""
    taken = await dispatches.take(uow, limit)
    if taken:
        exchange.send([body_of(dispatch) for dispatch in taken])
        await keep(uow, session, exchange)
    return taken


async def receive(uow: UnitOfWork, session: str, exchange: Exchange, reports: Sequence[Report]) -> Reported:
    """Apply what the session brought, and keep its numbers."""
    reported = await report(uow, reports)
    await keep(uow, session, exchange)
    return reported


async def keep(uow: UnitOfWork, session: str, exchange: Exchange) -> None:
    """Keep the session's numbers and what it sends."""
    await fix.keep(uow, session, exchange)
    reach("fix.before_commit")
