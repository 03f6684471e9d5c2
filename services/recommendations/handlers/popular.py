"""Counts who trades what, a day at a time."""

from collections.abc import Sequence

from services.contracts.envelope import Envelope
from services.contracts.events.orders import OrderFilled, OrderPartiallyFilled
from services.kernel.consumer import Handlers, Together
from services.kernel.uow import UnitOfWork
from services.recommendations.domain.popular import tallied, traders_of
from services.recommendations.store import popular


async def count(uow: UnitOfWork, events: Sequence[tuple[OrderFilled | OrderPartiallyFilled, Envelope]]) -> None:
    """Count fills that were booked, each once: the inbox knows them."""
    fills = [event.fill for event, _ in events]
    traders = traders_of(fills)
    before = await popular.locked(uow, {(day, symbol) for day, symbol, _ in traders})
    new = await popular.newcomers(uow, traders)
    await popular.keep(uow, tallied(before, fills, new), before)


CONSUMES: Handlers = dict.fromkeys((OrderFilled, OrderPartiallyFilled), Together(count))
