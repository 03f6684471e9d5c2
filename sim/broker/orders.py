"""What REST clients say, strictly, and the commands that it means."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.contracts.instruments import Instrument
from services.contracts.orders import OrderType, Side, TimeInForce
from sim.broker.refusals import UNKNOWN_SYMBOL, RefusedError
from sim.broker.terms import check_limit, display_of, price_of, quantity_of
from sim.venue.orders import NewOrder, Replace

CL_ORD_ID = r"^[A-Za-z0-9._:-]{1,64}$"
Id = Annotated[str, Field(pattern=CL_ORD_ID)]
Amount = Annotated[str, Field(pattern=r"^[0-9]{1,15}(\.[0-9]{1,15})?$", description="a decimal number as text")]
Text = Annotated[str, Field(min_length=1, max_length=64)]
Instruments = Mapping[str, Instrument]


class Strict(BaseModel):
    """Nothing that nobody knows, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class OrderRequest(Strict):
    """``worst_price`` bounds a market or stop order; without it the venue's price band does.

    Of an order with a ``display_quantity`` no more than that is shown at once.
    """

    cl_ord_id: Id
    account: Text
    symbol: Text
    side: Side
    type: OrderType
    tif: TimeInForce = "day"
    quantity: Amount
    limit_price: Amount | None = None
    stop_price: Amount | None = None
    worst_price: Amount | None = None
    display_quantity: Amount | None = None


class ReplaceRequest(Strict):
    """``quantity`` is the whole order's, what is filled included; what is left out stays."""

    cl_ord_id: Id
    symbol: Text
    quantity: Amount
    limit_price: Amount | None = None
    stop_price: Amount | None = None
    worst_price: Amount | None = None
    display_quantity: Amount | None = None


def new_order(request: OrderRequest, sender: str, instruments: Instruments, most: int) -> NewOrder:
    """RefusedError when it cannot be passed on."""
    instrument = listed(instruments, request.symbol)
    quantity = quantity_of(instrument, request.quantity)
    check_limit(instrument, quantity, most)
    return NewOrder(
        sender=sender,
        cl_ord_id=request.cl_ord_id,
        account=request.account,
        symbol=request.symbol,
        side=request.side,
        type=request.type,
        tif=request.tif,
        quantity=quantity,
        limit_price=price_of(instrument, request.limit_price),
        stop_price=price_of(instrument, request.stop_price),
        worst_price=price_of(instrument, request.worst_price),
        display=display_of(instrument, request.display_quantity),
    )


def replace(request: ReplaceRequest, sender: str, orig_cl_ord_id: str, instruments: Instruments, most: int) -> Replace:
    """RefusedError when it cannot be passed on."""
    instrument = listed(instruments, request.symbol)
    quantity = quantity_of(instrument, request.quantity)
    check_limit(instrument, quantity, most)
    return Replace(
        sender=sender,
        cl_ord_id=request.cl_ord_id,
        orig_cl_ord_id=orig_cl_ord_id,
        symbol=request.symbol,
        quantity=quantity,
        limit_price=price_of(instrument, request.limit_price),
        stop_price=price_of(instrument, request.stop_price),
        worst_price=price_of(instrument, request.worst_price),
        display=display_of(instrument, request.display_quantity),
    )


def listed(instruments: Instruments, symbol: str) -> Instrument:
    """The instrument, or a refusal."""
    instrument = instruments.get(symbol)
    if instrument is None:
        raise RefusedError(UNKNOWN_SYMBOL)
    return instrument
