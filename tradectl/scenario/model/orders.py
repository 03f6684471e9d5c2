"""Steps about orders."""

from typing import Annotated

from pydantic import Field

from tradectl.scenario.model.words import Amount, Code, Part, Who, one_of

Side = one_of("buy", "sell")
Type = one_of("market", "limit", "stop", "stop_limit")
Tif = one_of("day", "gtc", "ioc", "fok")
Status = one_of(
    "pending_new", "new", "partially_filled", "filled", "pending_cancel", "cancelled", "pending_replace", "rejected",
    "expired",
)  # fmt: skip
Price = Annotated[Amount, Field(description="a decimal, or from the market: bid - 2%, ask + 3 ticks, low, high")]
Order = Annotated[str, Field(description="an order that was saved, by its name, or an id")]


class Place(Part):
    """Place an order; goes on once it has the ``status``, or at once without."""

    actor: Who = None
    symbol: str
    side: Side  # type: ignore[valid-type]
    type: Type = "market"  # type: ignore[valid-type]
    tif: Tif = "day"  # type: ignore[valid-type]
    quantity: Amount
    limit: Price | None = None
    stop: Price | None = None
    id: Annotated[str | None, Field(description="client_order_id; a new one without")] = None
    status: Status | None = None  # type: ignore[valid-type]
    refused: Code = None


class Cancel(Part):
    """Ask for an order's end."""

    actor: Who = None
    order: Order | None = None
    symbol: Annotated[str | None, Field(description="all open orders in it, or `all`")] = None
    status: Status | None = None  # type: ignore[valid-type]
    refused: Code = None


class Replace(Part):
    """Ask for other terms."""

    actor: Who = None
    order: Order
    quantity: Amount | None = None
    limit: Price | None = None
    stop: Price | None = None
    status: Status | None = None  # type: ignore[valid-type]
    refused: Code = None
