"""An order made anew of what the venue's record says of it."""

import msgspec
from msgspec.structs import replace

from services.contracts import money
from services.contracts.orders import OrderType, Side, TimeInForce
from services.orders.domain import reservation
from services.orders.domain.changes import drafted
from services.orders.domain.order import Listing, Order, Ticket


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """As the venue took it: integers in the instrument's scales; ``time`` is market time, microseconds.

    ``dearest`` is the highest price of its fills.
    """

    order_id: str
    account: str
    symbol: str
    side: Side
    type: OrderType
    tif: TimeInForce
    quantity: int
    limit_price: int | None = None
    stop_price: int | None = None
    dearest: int = 0
    time: int = 0


def client_order_id(order_id: str) -> str:
    """What it is called, for nobody knows what its trader called it."""
    return f"adopted-{order_id}"


def adopted(placement: Placement, listing: Listing, wall: int) -> Order:
    """The order as it was when it was placed; a buy holds at least what its fills have cost."""
    instrument = listing.instrument

    def price(amount: int | None) -> str | None:
        return None if amount is None else money.text(amount, instrument.price_scale)

    ticket = Ticket(
        account_id=placement.account,
        client_order_id=client_order_id(placement.order_id),
        symbol=placement.symbol,
        side=placement.side,
        type=placement.type,
        tif=placement.tif,
        quantity=money.text(placement.quantity, instrument.quantity_scale),
        limit_price=price(placement.limit_price),
        stop_price=price(placement.stop_price),
    )
    order = drafted(ticket, listing, placement.order_id, placement.time)
    worst = max(order.worst_price, placement.dearest) if placement.side == "buy" else order.worst_price
    bounded = replace(order, worst_price=worst, placed=wall)
    return replace(bounded, state=replace(bounded.state, reserved=reservation.to_hold(bounded)))
