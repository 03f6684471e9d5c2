"""Terms of an order between decimal text and the instrument's integers, and between FIX's characters and our words."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.contracts import money
from services.contracts.instruments import Instrument
from services.contracts.orders import OrderStatus, OrderType, TimeInForce
from services.contracts.orders import Side as OrderSide
from services.fix.messages import ExecType, OrdStatus, OrdType, Side
from services.fix.messages import TimeInForce as FixTimeInForce
from sim.broker.refusals import OFF_LOT, OFF_TICK, ORDER_LIMIT, RefusedError

LARGEST = 10**12
"""Units: what a price or a quantity may be at most, so that their product and its sums fit into 64 bits."""

SIDES: Mapping[str, OrderSide] = {Side.BUY: "buy", Side.SELL: "sell"}
TYPES: Mapping[str, OrderType] = {
    OrdType.MARKET: "market",
    OrdType.LIMIT: "limit",
    OrdType.STOP: "stop",
    OrdType.STOP_LIMIT: "stop_limit",
}
TIFS: Mapping[str, TimeInForce] = {
    FixTimeInForce.DAY: "day",
    FixTimeInForce.GOOD_TILL_CANCEL: "gtc",
    FixTimeInForce.IMMEDIATE_OR_CANCEL: "ioc",
    FixTimeInForce.FILL_OR_KILL: "fok",
}
FIX_SIDES = {word: character for character, word in SIDES.items()}
FIX_TYPES = {word: character for character, word in TYPES.items()}
FIX_TIFS = {word: character for character, word in TIFS.items()}
FIX_STATUSES: Mapping[OrderStatus, OrdStatus] = {
    "pending_new": OrdStatus.PENDING_NEW,
    "new": OrdStatus.NEW,
    "partially_filled": OrdStatus.PARTIALLY_FILLED,
    "filled": OrdStatus.FILLED,
    "pending_cancel": OrdStatus.PENDING_CANCEL,
    "cancelled": OrdStatus.CANCELED,
    "pending_replace": OrdStatus.PENDING_REPLACE,
    "rejected": OrdStatus.REJECTED,
    "expired": OrdStatus.EXPIRED,
}
EXEC_TYPES = {
    "new": ExecType.NEW,
    "trade": ExecType.TRADE,
    "cancelled": ExecType.CANCELED,
    "replaced": ExecType.REPLACED,
    "rejected": ExecType.REJECTED,
    "expired": ExecType.EXPIRED,
    "busted": ExecType.TRADE_CANCEL,
    "corrected": ExecType.TRADE_CORRECT,
    "status": ExecType.ORDER_STATUS,
}


@dataclass(frozen=True, slots=True)
class Amounts:
    """Quantity and prices of an order in the instrument's scales."""

    quantity: int
    limit_price: int | None
    stop_price: int | None
    worst_price: int | None
    display: int | None = None


def amounts(
    instrument: Instrument,
    order_type: OrderType,
    quantity: str,
    price: str | None,
    stop: str | None,
    display: str | None = None,
) -> Amounts:
    """Read them; ``price`` is the limit, or the worst price of an order that has no limit."""
    is_limit = order_type in {"limit", "stop_limit"}
    read = price_of(instrument, price)
    return Amounts(
        quantity=quantity_of(instrument, quantity),
        limit_price=read if is_limit else None,
        stop_price=price_of(instrument, stop),
        worst_price=None if is_limit else read,
        display=display_of(instrument, display),
    )


def price_of(instrument: Instrument, text: str | None) -> int | None:
    """A price, off tick when it has too many decimals."""
    return None if text is None else _units(text, instrument.price_scale, OFF_TICK)


def quantity_of(instrument: Instrument, text: str) -> int:
    """A quantity, off lot when it has too many decimals."""
    return _units(text, instrument.quantity_scale, OFF_LOT)


def display_of(instrument: Instrument, text: str | None) -> int | None:
    """What is shown at once of an order; all of it without."""
    return None if text is None else quantity_of(instrument, text)


def check_limit(instrument: Instrument, quantity: int, most: int) -> None:
    """No order over so many shares or coins."""
    if quantity > most * 10**instrument.quantity_scale:
        raise RefusedError(ORDER_LIMIT)


def _units(text: str, scale: int, code: str) -> int:
    """FIX writes 5 also as 5. and 0.5 also as .5."""
    whole, _, fraction = text.partition(".")
    try:
        value = money.parse(f"{whole or '0'}.{fraction or '0'}", scale)
    except ValueError as error:
        raise RefusedError(code) from error
    if abs(value) > LARGEST:
        raise RefusedError(ORDER_LIMIT)
    return value


def average_price(instrument: Instrument, value: int, filled: int) -> str:
    """AvgPx, rounded half up to four more decimals than the price has."""
    if not filled:
        return "0"
    return money.text((value * 20_000 + filled) // (2 * filled), instrument.price_scale + 4)
