"""An order and a fill as events and pages carry them: integers in the instrument's scales, which they name."""

from typing import Literal

import msgspec

from services.contracts import money
from services.contracts.times import rfc3339

Side = Literal["buy", "sell"]
OrderType = Literal["market", "limit", "stop", "stop_limit"]
TimeInForce = Literal["day", "gtc", "ioc", "fok"]
OrderStatus = Literal[
    "pending_new",
    "new",
    "partially_filled",
    "filled",
    "pending_cancel",
    "cancelled",
    "pending_replace",
    "rejected",
    "expired",
]
FINAL: frozenset[str] = frozenset({"filled", "cancelled", "rejected", "expired"})


class OrderState(msgspec.Struct, frozen=True, kw_only=True):
    """``reserved`` is what stays reserved after this event, in minor units (a buy) or quantity units (a sell)."""

    order_id: str
    account_id: str
    client_order_id: str
    symbol: str
    currency: str
    price_scale: int
    quantity_scale: int
    side: Side
    type: OrderType
    tif: TimeInForce
    quantity: int
    limit_price: int | None = None
    stop_price: int | None = None
    status: OrderStatus
    filled: int = 0
    """Cumulative filled quantity."""
    value: int = 0
    """Exact sum of price x quantity over the fills, at price_scale + quantity_scale."""
    fees: int = 0
    """Sum of the fees booked, minor units."""
    reserved: int = 0
    reason: str | None = None
    """Why it ended, a stable code such as ``not_sent`` or ``no_liquidity``."""
    created: int = 0
    """Market time, microseconds."""
    updated: int = 0

    @property
    def left(self) -> int:
        """Quantity that may still trade."""
        return 0 if self.status in FINAL else self.quantity - self.filled


class Fill(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One execution: ``fill_id`` is the ExecID, the same by FIX, REST, drop copy and audit.

    A bust or a correction takes a fill back by an entry of its own, whose quantity, cost and fee are negative.
    """

    fill_id: str
    order_id: str
    account_id: str
    symbol: str
    currency: str
    price_scale: int
    quantity_scale: int
    side: Side
    price: int
    quantity: int
    cost: int
    """Minor units, the difference of the order's rounded running totals."""
    fee: int
    liquidity: Literal["maker", "taker"]
    time: int
    """Market time of the trade, microseconds."""
    reverses: str | None = None
    """The fill that this one takes back."""
    traded: int | None = None
    """Market time of the fill that this one takes back; who learns of it by the event alone has no other."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """An order with all of its fills, as its events have it up to number ``sent``: who has lost some of them goes on
    from here."""

    order: OrderState
    sent: int
    fills: tuple[Fill, ...] = ()


def order_json(order: OrderState) -> dict[str, object]:
    """The order as the API and the WebSocket show it: decimal strings, times in RFC 3339."""
    price = order.price_scale
    return {
        "id": order.order_id,
        "client_order_id": order.client_order_id,
        "symbol": order.symbol,
        "side": order.side,
        "type": order.type,
        "tif": order.tif,
        "quantity": money.text(order.quantity, order.quantity_scale),
        "limit_price": None if order.limit_price is None else money.text(order.limit_price, price),
        "stop_price": None if order.stop_price is None else money.text(order.stop_price, price),
        "status": order.status,
        "filled_quantity": money.text(order.filled, order.quantity_scale),
        "average_price": average_price(order),
        "fees": money.text(order.fees, money.CURRENCY_SCALES[order.currency]),
        "currency": order.currency,
        "reason": order.reason,
        "created_at": rfc3339(order.created),
        "updated_at": rfc3339(order.updated),
    }


def average_price(order: OrderState) -> str | None:
    """Value over quantity, rounded half up to two more decimals than the price."""
    if not order.filled:
        return None
    return money.text((order.value * 200 + order.filled) // (2 * order.filled), order.price_scale + 2)


def fill_json(fill: Fill) -> dict[str, object]:
    """The fill as the API and the WebSocket show it."""
    minor = money.CURRENCY_SCALES[fill.currency]
    return {
        "id": fill.fill_id,
        "order_id": fill.order_id,
        "symbol": fill.symbol,
        "side": fill.side,
        "price": money.text(fill.price, fill.price_scale),
        "quantity": money.text(fill.quantity, fill.quantity_scale),
        "cost": money.text(fill.cost, minor),
        "fee": money.text(fill.fee, minor),
        "currency": fill.currency,
        "liquidity": fill.liquidity,
        "time": rfc3339(fill.time),
        "reverses": fill.reverses,
    }
