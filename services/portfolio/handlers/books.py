"""What orders tell is booked, and a copy of the instruments kept."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from msgspec.structs import asdict

from services.contracts.envelope import Envelope
from services.contracts.event import Event
from services.contracts.events import market_data, orders
from services.contracts.events.portfolio import (
    PositionChanged,
    WithdrawalDeclined,
    WithdrawalSettled,
)
from services.contracts.instruments import Instrument
from services.contracts.orders import Fill
from services.kernel.consumer import Handlers, Together
from services.kernel.uow import UnitOfWork
from services.portfolio.domain.booking import Answered, Booking
from services.portfolio.store import bookings
from services.runtime import log, trace

BOOKED = log.line("portfolio", "booked")
Apply = Callable[[Booking, Event, Envelope], None]
Count = Callable[[Sequence[Fill], Booking], None]


def follow(booking: Booking, event: Event, _: Envelope) -> None:
    """An order changed what it reserves."""
    if isinstance(event, orders.OrderEvent):
        booking.follow(event.order)


def trade(booking: Booking, event: Event, _: Envelope) -> None:
    """An order traded."""
    if isinstance(event, TRADED):
        booking.trade(event)


def bust(booking: Booking, event: Event, _: Envelope) -> None:
    """A trade never was."""
    if isinstance(event, orders.TradeBusted):
        booking.bust(event)


def correct(booking: Booking, event: Event, _: Envelope) -> None:
    """A trade was another."""
    if isinstance(event, orders.TradeCorrected):
        booking.correct(event)


def credit(booking: Booking, event: Event, envelope: Envelope) -> None:
    """The risk ledger took a deposit."""
    if isinstance(event, orders.CashCredited):
        booking.credit(event, envelope.market_time)


def withdraw(booking: Booking, event: Event, envelope: Envelope) -> None:
    """The risk ledger has reserved what is to be withdrawn."""
    if isinstance(event, orders.CashReserved):
        booking.withdraw(event, envelope.market_time)


def decline(booking: Booking, event: Event, _: Envelope) -> None:
    """The risk ledger has refused to reserve it."""
    if isinstance(event, orders.CashRefused):
        booking.decline(event.withdrawal_id, event.reason)


def release(booking: Booking, event: Event, _: Envelope) -> None:
    """The money of a withdrawal has left the risk ledger."""
    if isinstance(event, orders.CashReleased):
        booking.released.append(event.withdrawal_id)


BOOKS: Mapping[type[Event], Apply] = {
    orders.OrderPlaced: follow,
    orders.OrderAccepted: follow,
    orders.OrderRejected: follow,
    orders.OrderPartiallyFilled: trade,
    orders.OrderFilled: trade,
    orders.OrderCancelled: follow,
    orders.CancelRejected: follow,
    orders.OrderReplaced: follow,
    orders.ReplaceRejected: follow,
    orders.OrderExpired: follow,
    orders.TradeBusted: bust,
    orders.TradeCorrected: correct,
    orders.CashCredited: credit,
    orders.CashReserved: withdraw,
    orders.CashRefused: decline,
    orders.CashReleased: release,
}
"""Which event is booked how."""


async def book(uow: UnitOfWork, events: Sequence[tuple[Event, Envelope]], count: Count | None = None) -> None:
    """Book all that waits: a statement a table, however many events there are; ``count`` is told of what is booked."""
    await keep_instruments(uow, [event.instrument for event, _ in events if isinstance(event, LISTED)])
    told = [(event, envelope) for event, envelope in events if type(event) in BOOKS]
    traded = [(fill, envelope) for event, envelope in told for fill in fills_in(event)]
    fills = [fill for fill, _ in traded]
    ids = [event.deposit_id for event, _ in told if isinstance(event, orders.CashCredited)]
    asked = [event.withdrawal_id for event, _ in told if isinstance(event, ANSWERED)]
    booking = await bookings.open_booking(uow, fills, ids, asked)
    for event, envelope in told:
        BOOKS[type(event)](booking, event, envelope)
    await bookings.save_booking(uow, booking)
    uow.wrote_of(*{account_of(event) for event, _ in told})
    await tell(uow, booking, {fill.fill_id: envelope for fill, envelope in traded})
    answers = [(event, envelope) for event, envelope in told if isinstance(event, ANSWERED)]
    tell_answered(uow, booking.answered, {event.withdrawal_id: envelope for event, envelope in answers})
    if count is not None:
        uow.after_commit(partial(count, fills, booking))
    uow.after_commit(partial(say, [(fill, uow.spans.get(envelope.id)) for fill, envelope in traded]))


def fills_in(event: Event) -> tuple[Fill, ...]:
    """What an event books."""
    if isinstance(event, orders.TradeCorrected):
        return event.taken_back, event.fill
    return (event.fill,) if isinstance(event, (*TRADED, orders.TradeBusted)) else ()


def account_of(event: Event) -> str:
    """Whose books an event changes."""
    return event.order.account_id if isinstance(event, orders.OrderEvent) else str(getattr(event, "account_id", ""))


def say(traded: Sequence[tuple[Fill, trace.Span | None]]) -> None:
    """A log line a booked fill, in the span that booked it."""
    for fill, span in traded:
        with trace.within(span):
            BOOKED({"user_id": fill.account_id, "order_id": fill.order_id, "fill_id": fill.fill_id})


LISTED = market_data.InstrumentListed | market_data.InstrumentChanged
ANSWERED = orders.CashReserved | orders.CashRefused
TRADED = (orders.OrderFilled, orders.OrderPartiallyFilled)


def consumes(count: Count) -> Handlers:
    """Every event that is booked or kept; what is booked is counted."""
    return dict.fromkeys(
        (*BOOKS, market_data.InstrumentListed, market_data.InstrumentChanged), Together(partial(book, count=count))
    )


async def tell(uow: UnitOfWork, booking: Booking, causes: Mapping[str, Envelope]) -> None:
    """Say how the touched positions and their cash stand now."""
    changed = {holding: booking.positions[holding] for holding in booking.touched}
    keys = {(each.account_id, each.currency) for each in changed.values()}
    cash = await bookings.cash_of(uow, list(keys))
    for holding, position in changed.items():
        fill = booking.touched[holding]
        event = PositionChanged(
            account_id=position.account_id,
            symbol=position.symbol,
            quantity=position.quantity,
            quantity_scale=position.quantity_scale,
            cost=position.cost,
            realised=position.realised,
            currency=position.currency,
            cash=cash.get((position.account_id, position.currency), 0),
            order_id=fill.order_id if fill else None,
            fill_id=fill.fill_id if fill else None,
        )
        uow.emit(event, cause=causes.get(fill.fill_id) if fill else None)


def tell_answered(uow: UnitOfWork, answered: Sequence[Answered], causes: Mapping[str, Envelope]) -> None:
    """Say which withdrawals are booked, and which never will be."""
    for each in answered:
        facts = asdict(each.withdrawal)
        event = WithdrawalDeclined(**facts, reason=each.reason) if each.reason else WithdrawalSettled(**facts)
        uow.emit(event, cause=causes[each.withdrawal.withdrawal_id])


async def keep_instruments(uow: UnitOfWork, listed: Sequence[Instrument]) -> None:
    """Keep a copy of instruments that were listed or changed."""
    await bookings.keep_instruments(uow, listed)
