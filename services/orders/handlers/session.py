"""The FIX session's transactions: what it takes and what it brings, with its numbers and bytes."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from services.fix.message import Body
from services.fix.session import Exchange, SessionNumbers, StoredMessage
from services.kernel.uow import UnitOfWork
from services.orders.domain.changes import Dispatch
from services.orders.domain.order import Order
from services.orders.domain.reports import Report, StatusAnswer
from services.orders.handlers.booking import Lay
from services.orders.handlers.reporting import Reported, disagreeing, report
from services.orders.store import Connection, dispatches, fix, orders
from services.runtime.killpoints import reach

T = TypeVar("T")
Fence = Callable[[UnitOfWork], Awaitable[None]]
"""Lets only the process pass that has the session."""


async def give(
    uow: UnitOfWork, fence: Fence, session: str, exchange: Exchange, body_of: Callable[[Dispatch], Body], limit: int
) -> list[Dispatch]:
    """Give waiting messages to the session: the mark, the numbers and the bytes are one transaction."""
    exchange.rewind()  # what an attempt before has sent
    taken = await dispatches.take(uow, limit)
    if taken:
        exchange.send([body_of(dispatch) for dispatch in taken])
        await keep(uow, fence, session, exchange)
    return taken


async def along(
    uow: UnitOfWork,
    fence: Fence,
    session: str,
    exchange: Exchange,
    body_of: Callable[[Dispatch], Body],
    use_case: Callable[[UnitOfWork, Lay], Awaitable[T]],
) -> tuple[T, list[Dispatch]]:
    """Let a use case give its messages to the session in its own transaction; what it returns, and the messages."""
    exchange.rewind()  # what an attempt before has sent
    given: list[Dispatch] = []

    async def lay(uow: UnitOfWork, messages: Sequence[Dispatch]) -> None:
        given.extend(messages)
        exchange.send([body_of(message) for message in messages])
        await keep(uow, fence, session, exchange)

    return await use_case(uow, lay), given


async def receive(
    uow: UnitOfWork,
    fence: Fence,
    session: str,
    exchange: Exchange,
    reports: Sequence[Report],
    answers: Sequence[StatusAnswer],
) -> Reported:
    """Apply what the session brought, and keep its numbers."""
    reported = await report(uow, reports)
    lost = await disagreeing(uow, answers)
    await keep(uow, fence, session, exchange)
    return Reported(reported.told, reported.missing | lost)


async def keep(uow: UnitOfWork, fence: Fence, session: str, exchange: Exchange) -> None:
    """Keep the session's numbers and what it sends; last of all, so that the fence is closed for a moment only."""
    await fix.keep(uow, session, exchange)
    await fence(uow)
    reach("fix.before_commit")


async def numbers(connection: Connection, session: str) -> SessionNumbers:
    """The numbers as kept last."""
    return await fix.numbers(connection, session)


async def stored(connection: Connection, session: str, begin: int, end: int) -> list[StoredMessage]:
    """What was sent under these numbers."""
    return await fix.stored(connection, session, begin, end)


async def open_orders(connection: Connection, after: str, limit: int) -> list[Order]:
    """Open orders after an id that the session was given, and nothing since waits for it."""
    return await orders.sent_after(connection, after, limit)


async def oldest_waiting(connection: Connection) -> int | None:
    """Since when a message waits for the session (wall time); none when nothing waits."""
    return await dispatches.oldest(connection)


async def count_waiting(connection: Connection) -> int:
    """How many messages wait for the session."""
    return await dispatches.count(connection)
