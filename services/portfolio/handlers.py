"""What the portfolio does: books what orders tell, takes deposits, keeps its copy of the instruments."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from services.contracts import money
from services.contracts.envelope import Envelope
from services.contracts.errors import DomainError
from services.contracts.event import Event
from services.contracts.events import market_data, orders
from services.contracts.events.portfolio import CashDeposited, PositionChanged
from services.contracts.instruments import Instrument
from services.contracts.orders import Fill
from services.kernel.consumer import Handlers, Together
from services.kernel.uow import UnitOfWork
from services.portfolio.domain.booking import Booking, Deposit
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


def credit(booking: Booking, event: Event, envelope: Envelope) -> None:
    """The risk ledger took a deposit."""
    if isinstance(event, orders.CashCredited):
        booking.credit(event, envelope.market_time)


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
    orders.CashCredited: credit,
}
"""Which event is booked how."""


async def book(uow: UnitOfWork, events: Sequence[tuple[Event, Envelope]]) -> None:
    """Book all that waits: a statement a table, however many events there are."""
    await keep_instruments(uow, [event.instrument for event, _ in events if isinstance(event, LISTED)])
    told = [(event, envelope) for event, envelope in events if type(event) in BOOKS]
    traded = [(event.fill, envelope) for event, envelope in told if isinstance(event, TRADED)]
    fills = [fill for fill, _ in traded]
    ids = [event.deposit_id for event, _ in told if isinstance(event, orders.CashCredited)]
    booking = await bookings.open_booking(uow, fills, ids)
    for event, envelope in told:
        BOOKS[type(event)](booking, event, envelope)
    await bookings.save_booking(uow, booking)
    uow.wrote_of(*{account_of(event) for event, _ in told})
    await tell(uow, booking, {fill.fill_id: envelope for fill, envelope in traded})
    uow.after_commit(partial(say, traded))


def account_of(event: Event) -> str:
    """Whose books an event changes."""
    return event.order.account_id if isinstance(event, orders.OrderEvent) else str(getattr(event, "account_id", ""))


def say(traded: Sequence[tuple[Fill, Envelope]]) -> None:
    """A log line a booked fill, in the trace of the request that placed its order."""
    for fill, envelope in traded:
        with trace.continue_from(envelope.traceparent):
            BOOKED({"user_id": fill.account_id, "order_id": fill.order_id, "fill_id": fill.fill_id})


LISTED = market_data.InstrumentListed | market_data.InstrumentChanged
TRADED = orders.OrderFilled | orders.OrderPartiallyFilled
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
    try:
        units = money.parse(amount, scale)
    except ValueError as error:
        raise DomainError("invalid_amount", 422, str(error), field="amount") from error
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
