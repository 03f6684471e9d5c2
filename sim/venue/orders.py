"""What is said to the venue and what it says back; prices and quantities are integers in the instrument's scales."""

from typing import Literal

import msgspec

from services.contracts.orders import OrderStatus, OrderType, Side, TimeInForce

Kind = Literal[
    "new",
    "trade",
    "cancelled",
    "replaced",
    "rejected",
    "expired",
    "cancel_rejected",
    "replace_rejected",
    "busted",
    "corrected",
    "status",
]


class NewOrder(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="new"):
    """``sender`` and ``cl_ord_id`` name the order for its sender, once in its life; the venue gives it an order_id."""

    sender: str
    cl_ord_id: str
    account: str
    symbol: str
    side: Side
    type: OrderType
    tif: TimeInForce
    quantity: int
    limit_price: int | None = None
    stop_price: int | None = None
    worst_price: int | None = None
    """A market or stop order is never filled at a worse price than this."""
    display: int | None = None
    """An iceberg: no more of it is shown at once; what is behind trades after all that is shown at its price."""


class Cancel(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="cancel"):
    """Ends what is left of ``orig_cl_ord_id``."""

    sender: str
    cl_ord_id: str
    orig_cl_ord_id: str
    symbol: str = ""


class Replace(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="replace"):
    """New terms for ``orig_cl_ord_id``: the whole quantity, filled part included; what is None stays as it is."""

    sender: str
    cl_ord_id: str
    orig_cl_ord_id: str
    symbol: str = ""
    quantity: int
    limit_price: int | None = None
    stop_price: int | None = None
    worst_price: int | None = None
    display: int | None = None


class Status(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="status"):
    """Asks how an order stands; answered by one execution of kind ``status`` that is not stored."""

    sender: str
    cl_ord_id: str


class Halt(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="halt"):
    """Stops a symbol's trading, or lets it go on as its session says; reported to nobody but by its status."""

    symbol: str
    on: bool


class Execution(msgspec.Struct, frozen=True, kw_only=True):
    """One report on an order, as the venue's record keeps it.

    ``number`` rises by one over all reports of the venue's life, ``exec_id`` is made of it, so neither is ever used
    twice. A ``status`` has number 0 and exec_id "0", and order_id "" when the venue knows no such order.
    For an answer to a Cancel or Replace ``cl_ord_id`` is the request's and ``orig_cl_ord_id`` the order's before it.
    """

    number: int
    exec_id: str
    kind: Kind
    status: OrderStatus
    """The order's state after this."""
    order_id: str
    sender: str
    cl_ord_id: str
    orig_cl_ord_id: str = ""
    account: str
    symbol: str
    side: Side
    type: OrderType
    tif: TimeInForce
    quantity: int
    limit_price: int | None = None
    stop_price: int | None = None
    last_quantity: int = 0
    last_price: int = 0
    leaves: int
    filled: int
    value: int
    """Exact sum of price x quantity over all fills, at price_scale + quantity_scale; over ``filled`` the AvgPx."""
    cost: int = 0
    """Of this fill, minor units: the difference of the order's rounded running totals, as the fee."""
    fee: int = 0
    liquidity: Literal["maker", "taker", ""] = ""
    trade_id: int = 0
    """Of the symbol's tape."""
    counterparty: str = ""
    """``feed``, ``agent``, or the order_id on the other side."""
    level: int = 0
    """How many price levels a taker had walked through before this one."""
    queue: int = 0
    """Quantity that stood before a resting order when it came."""
    line: int = 0
    """Position of the feed: its line, or the step of the agents."""
    reason: str = ""
    """Stable code of a refusal or an end: unknown_symbol, closed, price_band, duplicate_order, no_liquidity, ioc …"""
    text: str = ""
    time: int
    """Market time, microseconds."""
    exec_ref: str = ""
    """The exec_id of the trade that a bust or a correction takes back.

    A bust's quantity, price and fee are those of the trade, its cost is what the order's total falls by; those of a
    correction are the new ones.
    """


class Amend(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="amend"):
    """Takes a trade back and, with a quantity and a price, does it again: ``trades`` are its sides in the record.

    What an open order gets back by it stands in the book again, last at its price; an order that has ended stays so.
    """

    trades: tuple[Execution, ...]
    reason: str
    quantity: int = 0
    price: int = 0


Command = NewOrder | Cancel | Replace | Status | Halt | Amend
