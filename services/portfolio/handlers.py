"""What the portfolio does: books what orders tell, takes deposits and withdrawals, keeps a copy of the instruments."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from msgspec.structs import asdict

from services.contracts import money
from services.contracts.envelope import Envelope
from services.contracts.errors import DomainError
from services.contracts.event import Event
from services.contracts.events import market_data, orders
from services.contracts.events.portfolio import (
    CashDeposited,
    PositionChanged,
    WithdrawalDeclined,
    WithdrawalRequested,
    WithdrawalSettled,
)
from services.contracts.instruments import Instrument
from services.contracts.orders import Fill
from services.kernel.consumer import Handlers, Together
from services.kernel.uow import UnitOfWork
from services.portfolio.domain.booking import Answered, Booking, Deposit, Withdrawal
from services.portfolio.store import bookings
from services.runtime import log, trace

BOOKED = log.line("portfolio", "booked")
Apply = Callable[[Booking, Event, Envelope], None]


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


async def book(uow: UnitOfWork, events: Sequence[tuple[Event, Envelope]]) -> None:
    """Book all that waits: a statement a table, however many events there are."""
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
CONSUMES: Handlers = dict.fromkeys(
    (*BOOKS, market_data.InstrumentListed, market_data.InstrumentChanged), Together(book)
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


async def deposit(uow: UnitOfWork, wanted: Deposit) -> Deposit:
    """Write a deposit as pending and ask orders to credit it."""
    await bookings.add_deposit(uow, wanted)
    uow.wrote_of(wanted.account_id)
    uow.emit(
        CashDeposited(
            deposit_id=wanted.deposit_id,
            account_id=wanted.account_id,
            asset=wanted.asset,
            amount=wanted.amount,
            scale=wanted.scale,
        )
    )
    return wanted


async def withdraw_from(uow: UnitOfWork, wanted: Withdrawal) -> dict[str, Any]:
    """Write a withdrawal as requested and ask orders to reserve it; refused at once where it is more than there is.

    What is free the risk ledger alone knows, and decides.
    """
    key = (wanted.account_id, wanted.asset)
    total = (await bookings.cash_of(uow, [key])).get(key, 0)
    if wanted.amount > total:
        held = f"{money.text(total, wanted.scale)} {wanted.asset}"
        raise DomainError("insufficient_cash", 422, f"the account holds {held}", field="amount")
    row = await bookings.add_withdrawal(uow, wanted)
    uow.wrote_of(wanted.account_id)
    uow.emit(WithdrawalRequested(**asdict(wanted)))
    return row


def withdrawal_of(withdrawal_id: str, account_id: str, asset: str, amount: str) -> Withdrawal:
    """A withdrawal as asked for: money of a currency."""
    if asset not in money.CURRENCY_SCALES:
        raise DomainError("unknown_asset", 422, f"{asset} is no currency: only money is withdrawn", field="asset")
    scale = money.CURRENCY_SCALES[asset]
    units = units_of(amount, scale)
    if units <= 0:
        raise DomainError("invalid_amount", 422, "an amount is above 0", field="amount")
    return Withdrawal(withdrawal_id, account_id, asset, scale, units)


def units_of(amount: str, scale: int) -> int:
    """An amount as an integer at a scale."""
    try:
        return money.parse(amount, scale)
    except ValueError as error:
        raise DomainError("invalid_amount", 422, str(error), field="amount") from error


def deposit_of(
    deposit_id: str,
    account_id: str,
    asset: str,
    amount: str,
    instrument: Instrument | None,
    price: int | None,
    most: int,
) -> Deposit:
    """A deposit as asked for: money of a currency, or shares of an instrument at the price they count for."""
    scale = scale_of(asset, instrument)
    units = units_of(amount, scale)
    if not 0 < units <= most * 10**scale:
        raise DomainError("invalid_amount", 422, f"an amount is above 0 and at most {most}", field="amount")
    cash = instrument is None
    cost = 0
    if instrument and price:
        cost = money.cost(units * price, instrument.value_scale, instrument.currency)
    currency = instrument.currency if instrument else asset
    return Deposit(deposit_id, account_id, asset, currency, scale, units, cost, cash)


def scale_of(asset: str, instrument: Instrument | None) -> int:
    """Decimals of a currency, or of an instrument's quantity."""
    if instrument:
        return instrument.quantity_scale
    if asset not in money.CURRENCY_SCALES:
        raise DomainError("unknown_asset", 422, f"{asset} is neither a currency nor a symbol", field="asset")
    return money.CURRENCY_SCALES[asset]
