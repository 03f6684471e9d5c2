"""Counts who trades what, a day at a time."""

from collections.abc import Sequence

from services.contracts.envelope import Envelope
from services.contracts.events.orders import OrderFilled, OrderPartiallyFilled, TradeBusted, TradeCorrected
from services.contracts.orders import Fill
from services.kernel.consumer import Handlers, Together
from services.kernel.uow import UnitOfWork
from services.recommendations.domain.popular import Change, day_of, standing, tallied
from services.recommendations.store import popular

Traded = OrderFilled | OrderPartiallyFilled
Amended = TradeBusted | TradeCorrected


async def count(uow: UnitOfWork, events: Sequence[tuple[Traded, Envelope]]) -> None:
    """Count fills that were booked, each once: the inbox knows them."""
    fills = [event.fill for event, _ in events]
    await _keep(uow, [change(day_of(fill.time), fill, 1, fill.cost) for fill in fills])


async def take_back(uow: UnitOfWork, event: Amended, _: Envelope) -> None:
    """Take a busted trade from its day, and what a corrected one costs less.

    The event does not say when the trade was: it is the account's last day in that symbol.
    """
    fill = event.fill
    day = await popular.last_day(uow, fill.symbol, fill.account_id, day_of(fill.time))
    if isinstance(event, TradeBusted):
        await _keep(uow, [change(day, fill, -1, fill.cost)])
    else:
        await _keep(uow, [change(day, fill, 0, fill.cost + event.taken_back.cost)])


def change(day: int, fill: Fill, fills: int, notional: int) -> Change:
    return Change(day, fill.symbol, fill.account_id, fill.currency, fills, notional)


async def _keep(uow: UnitOfWork, changes: Sequence[Change]) -> None:
    before = await popular.locked(uow, {each.key for each in changes})
    stood = await popular.standing(uow, {each.trader for each in changes})
    stands = standing(stood, changes)
    await popular.keep_traders(uow, stands, stood)
    await popular.keep(uow, tallied(before, changes, stood, stands), before)


CONSUMES: Handlers = {
    **dict.fromkeys((OrderFilled, OrderPartiallyFilled), Together(count)),
    **dict.fromkeys((TradeBusted, TradeCorrected), take_back),
}
