"""What the routes take and give; amounts are decimal strings."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.contracts.orders import OrderStatus, OrderType, Side, TimeInForce
from services.kernel.security import Principal
from services.orders.domain.changes import Edit
from services.orders.domain.order import Ticket
from services.runtime import trace

Amount = Annotated[str, Field(pattern=r"^-?[0-9]{1,18}(\.[0-9]{1,18})?$", examples=["200.50"])]
ClientOrderId = Annotated[str, Field(pattern=r"^[!-~]{1,64}$", examples=["my-order-1"])]
Symbol = Annotated[str, Field(pattern=r"^[A-Z0-9._-]{1,32}$", examples=["AAPL"])]


class NewOrder(BaseModel):
    """An order; which prices it has follows from its type."""

    model_config = ConfigDict(extra="forbid")

    client_order_id: ClientOrderId
    symbol: Symbol
    side: Side
    type: OrderType
    tif: TimeInForce = "day"
    quantity: Amount
    limit_price: Amount | None = None
    stop_price: Amount | None = None

    def ticket(self, user: Principal) -> Ticket:
        """The same as the domain has it."""
        return Ticket(
            account_id=user.user_id,
            client_order_id=self.client_order_id,
            symbol=self.symbol,
            side=self.side,
            type=self.type,
            tif=self.tif,
            quantity=self.quantity,
            limit_price=self.limit_price,
            stop_price=self.stop_price,
            traceparent=trace.header(),
        )


class OrderPreview(NewOrder):
    """An order that is not placed; it needs no client_order_id."""

    client_order_id: ClientOrderId = "preview"


class OrderEdit(BaseModel):
    """New terms for an open order; ``quantity`` is the whole order's, what is filled included."""

    model_config = ConfigDict(extra="forbid")

    quantity: Amount | None = None
    limit_price: Amount | None = None
    stop_price: Amount | None = None

    def edit(self) -> Edit:
        """The same as the domain has it."""
        return Edit(quantity=self.quantity, limit_price=self.limit_price, stop_price=self.stop_price)


class Order(BaseModel):
    """An order."""

    id: str
    client_order_id: str
    symbol: str
    side: Side
    type: OrderType
    tif: TimeInForce
    quantity: str
    limit_price: str | None
    stop_price: str | None
    status: OrderStatus
    filled_quantity: str
    average_price: str | None
    fees: str
    currency: str
    reason: str | None
    created_at: str
    updated_at: str


class Fill(BaseModel):
    """One execution."""

    id: str
    order_id: str
    symbol: str
    side: Side
    price: str
    quantity: str
    cost: str
    fee: str
    currency: str
    liquidity: Literal["maker", "taker"]
    time: str
    reverses: str | None
    """The fill that this one takes back, by a quantity, a cost and a fee that are negative."""


class HistoryLine(BaseModel):
    """What was asked or reported: placed, replace_requested, cancel_requested, accepted, fill, cancelled, busted …"""

    event: str
    status: OrderStatus
    filled_quantity: str
    reason: str | None
    time: str


class OrderLife(Order):
    """An order with everything that became of it."""

    reserved: str
    history: list[HistoryLine]
    fills: list[Fill]


class ExplainedFill(Fill):
    """A fill, and what the venue's record has of it.

    ``level`` is how many better prices a taker had used up, ``queue_ahead`` what stood before a maker when it came;
    ``counterparty`` is the recorded market, one of the market's agents, or another trader.
    """

    trade_id: int
    level: int | None
    queue_ahead: str | None
    counterparty: Literal["feed", "agent", "trader"]
    reason: Literal["best_price", "deeper_level", "own_limit", "busted", "corrected"]
    why: str


class Explanation(BaseModel):
    """Why each fill of an order came about at its price."""

    id: str
    symbol: str
    side: Side
    type: OrderType
    fills: list[ExplainedFill]


class OrderPage(BaseModel):
    """A page of orders, newest first."""

    items: list[Order]
    next: str | None


class OrderList(BaseModel):
    """Orders that a cancel was asked for."""

    items: list[Order]


class Refusal(BaseModel):
    """What would refuse an order."""

    code: str
    detail: str
    field: str | None


class Preview(BaseModel):
    """The most that a buy may cost, or what a sell brings at its limit or the reference price.

    All are null of an order that is none, because a price or its symbol is wrong.
    """

    cost: str | None
    fee: str | None
    currency: str | None
    buying_power_after: str | None
    refusals: list[Refusal]
