"""Orders that the venue has and we do not: after a restore, those of the seconds that no backup has.

They are placed again as the venue's record tells of them, under their own ids. What their trader called them is lost:
their client_order_id is made of the id.
"""

from collections import Counter
from collections.abc import Sequence

from services.contracts.events.orders import OrderPlaced
from services.kernel.uow import UnitOfWork
from services.orders.domain import checks
from services.orders.domain.adopting import Placement, adopted
from services.orders.domain.order import Listing, Order, cl_ord_id
from services.orders.domain.reports import Report
from services.orders.handlers.booking import Booking
from services.orders.handlers.reporting import Reported, report
from services.orders.store import Connection, instruments, ledger, orders, unmatched

ANY = 1 << 31
"""Open orders; the venue has taken it already."""


async def unknown(connection: Connection, order_ids: Sequence[str]) -> set[str]:
    """Those of these orders that are not here."""
    return set(order_ids) - await orders.existing(connection, order_ids)


async def adopt(uow: UnitOfWork, placement: Placement) -> Order:
    """Place the order again; DomainError when its instrument is unknown, or the risk ledger has not what it needs."""
    listing = await _listing(uow, placement.symbol)
    order = adopted(placement, listing, uow.wall)
    state, booking = order.state, Booking()
    amounts = Counter({(state.account_id, order.asset): state.reserved})
    reserved = await ledger.reserve_for(uow, amounts, {state.account_id: 1}, ANY)
    if not (reserved.free and reserved.room):
        raise checks.insufficient(order)
    kept = booking.place(order, cl_ord_id(state.order_id, 1))
    booking.tell(kept, OrderPlaced(order=kept.state))
    await booking.write(uow)
    await unmatched.forget(uow, state.order_id)
    return kept


async def catch_up(uow: UnitOfWork, reports: Sequence[Report]) -> Reported:
    """What the venue has reported of it since."""
    return await report(uow, reports)


async def _listing(uow: UnitOfWork, symbol: str) -> Listing:
    found = (await instruments.listings(uow.connection, [symbol])).get(symbol)
    if found is None:
        raise checks.unknown_symbol(symbol)
    return found
