"""Replacing and cancelling: the order asks the venue, and shows that it waits for the answer."""

from services.contracts.errors import DomainError
from services.contracts.orders import OrderState
from services.kernel.uow import UnitOfWork
from services.orders.domain import changes, checks
from services.orders.domain.changes import Edit
from services.orders.domain.checks import Limits
from services.orders.domain.order import Order
from services.orders.handlers.booking import Booking
from services.orders.store import instruments, ledger, orders


async def replace(uow: UnitOfWork, limits: Limits, account_id: str, order_id: str, edit: Edit) -> OrderState:
    """Ask for new terms, the larger of both reservations reserved until the answer; asked again it changes nothing."""
    order = await _own(uow, account_id, order_id)
    listing = (await instruments.listings(uow.connection, [order.state.symbol]))[order.state.symbol]
    asked = changes.replacement(order, edit, listing, limits, uow.now)
    if asked is order:
        return order.state
    more = asked.state.reserved - order.state.reserved
    if not await ledger.reserve(uow, {(account_id, order.asset): more}):
        raise checks.insufficient(order)
    booking = Booking()
    message = changes.dispatch("replace", asked)
    booking.send(message)
    kept = booking.change(asked, message.cl_ord_id, "replace_requested", uow.now)
    await booking.write(uow)
    return kept.state


async def cancel(uow: UnitOfWork, account_id: str, order_id: str) -> OrderState:
    """Ask for the order's end; asked again, or of a cancelled order, it changes nothing."""
    booking = Booking()
    state = _cancel(uow, booking, await _own(uow, account_id, order_id))
    await booking.write(uow)
    return state


async def cancel_all(uow: UnitOfWork, account_id: str, symbol: str | None) -> list[OrderState]:
    """Ask for the end of every open order of the account, in one symbol or in all."""
    booking = Booking()
    found = await orders.open_of_account(uow, account_id)
    states = [_cancel(uow, booking, order) for order in found if symbol in (None, order.state.symbol)]
    await booking.write(uow)
    return states


def _cancel(uow: UnitOfWork, booking: Booking, order: Order) -> OrderState:
    asked, message = changes.request_cancel(order, uow.now)
    if message is not None:
        booking.send(message)
        return booking.change(asked, message.cl_ord_id, "cancel_requested", uow.now).state
    if asked is not order:
        booking.restate(asked)
    return asked.state


async def _own(uow: UnitOfWork, account_id: str, order_id: str) -> Order:
    order = (await orders.load(uow, [order_id])).get(order_id)
    if order is None or order.state.account_id != account_id:
        raise DomainError("not_found", 404, "there is no such order")
    return order
