"""Placing orders: several at a time, because those that come while a transaction runs share the next one."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from services.contracts.errors import DomainError
from services.contracts.events.orders import OrderPlaced
from services.contracts.ids import new_id
from services.contracts.orders import OrderState
from services.kernel.uow import UnitOfWork
from services.orders.domain import changes, checks
from services.orders.domain.checks import Limits
from services.orders.domain.order import Listing, Order, Ticket
from services.orders.handlers.booking import Booking, Lay, lay_down
from services.orders.store import ledger
from services.orders.store.concerned import concerned


class Placed(NamedTuple):
    """An order, and whether it is new: the same ticket again gives the same order."""

    order: OrderState
    new: bool


class Apart(Exception):
    """The risk ledger refuses one of several; place them one at a time to learn which."""


async def place(
    uow: UnitOfWork, limits: Limits, tickets: Sequence[Ticket], lay: Lay = lay_down
) -> list[Placed | DomainError]:
    """Each ticket's order, or what refuses it; raises for a single ticket that the risk ledger refuses.

    The accounts are locked before anything is read: the same ticket at another process waits, and then finds the order.
    """
    known, listings = await concerned(uow, tickets)
    placed: list[Order] = []
    outcomes: list[Placed | DomainError] = []
    for ticket in tickets:
        key = ticket.account_id, ticket.client_order_id
        outcome = _outcome(uow, limits, ticket, known.get(key), listings.get(ticket.symbol))
        if isinstance(outcome, Order):
            known[key] = outcome
            placed.append(outcome)
            outcomes.append(Placed(outcome.state, new=True))
        else:
            outcomes.append(outcome)
    if placed:
        await _write(uow, limits, placed, lay)
    return outcomes


def _outcome(
    uow: UnitOfWork, limits: Limits, ticket: Ticket, known: Order | None, listing: Listing | None
) -> Order | Placed | DomainError:
    if known is not None:
        same = known.fingerprint == ticket.fingerprint
        return Placed(known.state, new=False) if same else checks.conflict(ticket.client_order_id)
    if listing is None:
        return checks.unknown_symbol(ticket.symbol)
    try:
        return changes.place(ticket, listing, limits, new_id(), uow.now, uow.wall)
    except DomainError as refusal:
        return refusal


async def _write(uow: UnitOfWork, limits: Limits, placed: Sequence[Order], lay: Lay) -> None:
    """Reserve what they need and write them; nothing is written when the risk ledger refuses."""
    amounts: Counter[ledger.Key] = Counter()
    booking = Booking()
    for order in placed:
        amounts[order.state.account_id, order.asset] += order.state.reserved
        message = changes.dispatch("new", order)
        kept = booking.place(order, message.cl_ord_id)
        booking.send(message)
        booking.tell(kept, OrderPlaced(order=kept.state))
    opened = Counter(order.state.account_id for order in placed)
    uow.foresee(order.state.order_id for order in placed)
    reserved = await ledger.reserve_for(uow, amounts, opened, limits.open_orders)
    if not reserved.free:
        raise checks.insufficient(placed[0]) if len(placed) == 1 else Apart
    if not reserved.room:
        raise checks.too_many_open(limits) if len(placed) == 1 else Apart
    await booking.write(uow, lay)
