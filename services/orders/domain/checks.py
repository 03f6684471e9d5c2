"""What refuses an order before it leaves, each with its code."""

from collections.abc import Iterator

import msgspec

from services.contracts import money
from services.contracts.errors import DomainError
from services.contracts.instruments import Instrument
from services.contracts.orders import OrderState, OrderType
from services.orders.domain.order import Listing, Order, Terms, Ticket

REFUSED = 422
PRICED: dict[OrderType, frozenset[str]] = {
    "market": frozenset(),
    "limit": frozenset({"limit_price"}),
    "stop": frozenset({"stop_price"}),
    "stop_limit": frozenset({"limit_price", "stop_price"}),
}


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """An account's limits: the notional of one order in whole units of its currency, and its open orders."""

    notional: int
    open_orders: int


def unknown_symbol(symbol: str) -> DomainError:
    return DomainError("unknown_symbol", REFUSED, f"no instrument is called {symbol}", field="symbol")


def draft(ticket: Ticket, listing: Listing) -> tuple[OrderState, Terms]:
    """The order's terms as integers; DomainError when they are none (prices missing or in excess, more decimals)."""
    instrument = listing.instrument
    prices = {"limit_price": ticket.limit_price, "stop_price": ticket.stop_price}
    for problem in _wrong_prices(ticket.type, prices):
        raise problem
    state = OrderState(
        order_id="",
        account_id=ticket.account_id,
        client_order_id=ticket.client_order_id,
        symbol=ticket.symbol,
        currency=instrument.currency,
        price_scale=instrument.price_scale,
        quantity_scale=instrument.quantity_scale,
        side=ticket.side,
        type=ticket.type,
        tif=ticket.tif,
        quantity=quantity(ticket.quantity, instrument),
        limit_price=price(ticket.limit_price, "limit_price", instrument),
        stop_price=price(ticket.stop_price, "stop_price", instrument),
        status="pending_new",
    )
    return state, terms(state, listing)


def terms(state: OrderState, listing: Listing) -> Terms:
    """The state's terms with the worst price that the venue may fill at: its limit, or the band's far edge."""
    worst = state.limit_price
    if worst is None:
        low, high = listing.band or (0, 0)
        worst = high if state.side == "buy" else low
    return Terms(quantity=state.quantity, limit_price=state.limit_price, stop_price=state.stop_price, worst_price=worst)


def _wrong_prices(type_: OrderType, prices: dict[str, str | None]) -> Iterator[DomainError]:
    for field, given in prices.items():
        if given is None and field in PRICED[type_]:
            yield DomainError("price_required", REFUSED, f"a {type_} order needs a {field}", field=field)
        if given is not None and field not in PRICED[type_]:
            yield DomainError("price_not_allowed", REFUSED, f"a {type_} order has no {field}", field=field)


def quantity(text: str, instrument: Instrument) -> int:
    """The quantity in the instrument's scale."""
    amount = _read(text, instrument.quantity_scale, "off_lot", "quantity")
    if amount <= 0:
        raise DomainError("invalid_quantity", REFUSED, "the quantity must be above zero", field="quantity")
    return amount


def price(text: str | None, field: str, instrument: Instrument) -> int | None:
    """The price in the instrument's scale."""
    return None if text is None else _read(text, instrument.price_scale, "off_tick", field)


def _read(text: str, scale: int, code: str, field: str) -> int:
    try:
        return money.parse(text, scale)
    except ValueError as error:
        raise DomainError(code, REFUSED, str(error), field=field) from error


def refusals(state: OrderState, listing: Listing, limits: Limits) -> Iterator[DomainError]:
    """Everything that refuses these terms, but for what only the risk ledger knows."""
    yield from _market(listing)
    yield from _steps(state, listing.instrument)
    yield from _band(state, listing)
    yield from _notional(state, listing, limits)


def _market(listing: Listing) -> Iterator[DomainError]:
    symbol, status = listing.instrument.symbol, listing.instrument.status
    if status == "halted":
        yield DomainError("halted", REFUSED, f"trading in {symbol} is halted", field="symbol")
    if status == "closed":
        yield DomainError("market_closed", REFUSED, f"the market of {symbol} is closed", field="symbol")
    if listing.reference is None:
        yield DomainError("no_reference_price", REFUSED, f"{symbol} has no price yet", field="symbol")


def _steps(state: OrderState, instrument: Instrument) -> Iterator[DomainError]:
    if state.quantity % instrument.lot:
        lot = money.text(instrument.lot, instrument.quantity_scale)
        yield DomainError("off_lot", REFUSED, f"the quantity must be a multiple of {lot}", field="quantity")
    for field, given in _prices(state):
        if given % instrument.tick:
            tick = money.text(instrument.tick, instrument.price_scale)
            yield DomainError("off_tick", REFUSED, f"the price must be a multiple of {tick}", field=field)


def _band(state: OrderState, listing: Listing) -> Iterator[DomainError]:
    if listing.band is None:
        return
    low, high = listing.band
    for field, given in _prices(state):
        if not low <= given <= high:
            band = f"{money.text(low, state.price_scale)} to {money.text(high, state.price_scale)}"
            yield DomainError("outside_band", REFUSED, f"the price must be from {band}", field=field)


def _notional(state: OrderState, listing: Listing, limits: Limits) -> Iterator[DomainError]:
    at = state.limit_price or state.stop_price or listing.reference or 0
    allowed = limits.notional * 10 ** (state.price_scale + state.quantity_scale)
    if at * state.quantity > allowed:
        detail = f"one order may be worth {limits.notional} {state.currency} at most"
        yield DomainError("notional_limit", REFUSED, detail, field="quantity")


def _prices(state: OrderState) -> Iterator[tuple[str, int]]:
    if state.limit_price is not None:
        yield "limit_price", state.limit_price
    if state.stop_price is not None:
        yield "stop_price", state.stop_price


def insufficient(order: Order) -> DomainError:
    """The account has less free than the order must reserve."""
    state = order.state
    if state.side == "sell":
        return DomainError("insufficient_shares", REFUSED, f"not enough {state.symbol} is free", field="quantity")
    return DomainError("insufficient_cash", REFUSED, f"not enough {state.currency} is free", field="quantity")


def too_many_open(limits: Limits) -> DomainError:
    return DomainError("open_order_limit", REFUSED, f"{limits.open_orders} orders are open, the most allowed")


def conflict(client_order_id: str) -> DomainError:
    return DomainError(
        "client_order_id_conflict", 409, f"{client_order_id} was used for another order", field="client_order_id"
    )
