"""What a release lost that took events and booked nothing: orders are booked as they stand."""

from collections.abc import Sequence

from services.contracts.events.orders import OrderEvent, OrderPartiallyFilled, TradeBusted
from services.contracts.orders import Fill, Standing
from services.kernel.inbox import Inbox
from services.kernel.uow import UnitOfWork
from services.portfolio.domain.booking import Booking
from services.portfolio.handlers.books import tell
from services.portfolio.manifest import MANIFEST
from services.portfolio.store import bookings


async def recover(uow: UnitOfWork, standings: Sequence[Standing]) -> list[str]:
    """Book the fills that are not booked and keep what is reserved; the ids of those fills.

    What still comes of the events that an order stands for changes nothing any more. An order of which we know more
    by now is left alone.
    """
    streams = {f"{OrderEvent.producer}:{each.order.order_id}": each for each in standings}
    inbox = Inbox(MANIFEST.name, (OrderEvent,))
    behind = await inbox.pass_over(uow, {stream: each.sent for stream, each in streams.items()})
    standing = [each for stream, each in streams.items() if stream in behind]
    booking = await bookings.open_booking(uow, [fill for each in standing for fill in each.fills], [], [])
    for each in standing:
        _book(booking, each)
    await bookings.save_booking(uow, booking)
    uow.wrote_of(*{each.order.account_id for each in standing})
    await tell(uow, booking, {})
    return [trade.fill.fill_id for trade in booking.trades]


def _book(booking: Booking, standing: Standing) -> None:
    order = standing.order
    booking.follow(order)
    for fill in sorted(standing.fills, key=_in_order):
        if fill.reverses is None:
            booking.trade(OrderPartiallyFilled(order=order, fill=fill))
        else:
            booking.bust(TradeBusted(order=order, fill=fill))


def _in_order(fill: Fill) -> tuple[int, str, bool]:
    """By time; what a correction takes back comes before what it books."""
    exec_id, _, _ = fill.fill_id.partition(":")
    return fill.time, exec_id, fill.reverses is None
