"""What orders asks of the broker (FIX 4.4 volume 4, Single/General Order Handling)."""

from typing import Annotated, ClassVar

from services.fix import tags
from services.fix.messages.record import TIMESTAMP, Record
from services.fix.messages.values import TimeInForce


class NewOrderSingle(Record, frozen=True, kw_only=True):
    """An order."""

    MSG_TYPE: ClassVar[str] = "D"

    cl_ord_id: Annotated[str, tags.ClOrdID]
    account: Annotated[str, tags.Account]
    symbol: Annotated[str, tags.Symbol]
    side: Annotated[str, tags.Side]
    order_qty: Annotated[str, tags.OrderQty]
    ord_type: Annotated[str, tags.OrdType]
    price: Annotated[str | None, tags.Price] = None
    stop_px: Annotated[str | None, tags.StopPx] = None
    max_floor: Annotated[str | None, tags.MaxFloor] = None
    currency: Annotated[str | None, tags.Currency] = None
    time_in_force: Annotated[str, tags.TimeInForce] = TimeInForce.DAY
    transact_time: Annotated[int, tags.TransactTime, TIMESTAMP]


class OrderCancelRequest(Record, frozen=True, kw_only=True):
    """Take what is left of an order off the market; ClOrdID is the request's own."""

    MSG_TYPE: ClassVar[str] = "F"

    cl_ord_id: Annotated[str, tags.ClOrdID]
    orig_cl_ord_id: Annotated[str, tags.OrigClOrdID]
    account: Annotated[str, tags.Account]
    symbol: Annotated[str, tags.Symbol]
    side: Annotated[str, tags.Side]
    order_id: Annotated[str | None, tags.OrderID] = None
    order_qty: Annotated[str | None, tags.OrderQty] = None
    transact_time: Annotated[int, tags.TransactTime, TIMESTAMP]


class OrderCancelReplaceRequest(Record, frozen=True, kw_only=True):
    """Change quantity or prices; OrderQty is the whole order's, what is filled included."""

    MSG_TYPE: ClassVar[str] = "G"

    cl_ord_id: Annotated[str, tags.ClOrdID]
    orig_cl_ord_id: Annotated[str, tags.OrigClOrdID]
    account: Annotated[str, tags.Account]
    symbol: Annotated[str, tags.Symbol]
    side: Annotated[str, tags.Side]
    order_qty: Annotated[str, tags.OrderQty]
    ord_type: Annotated[str, tags.OrdType]
    order_id: Annotated[str | None, tags.OrderID] = None
    price: Annotated[str | None, tags.Price] = None
    stop_px: Annotated[str | None, tags.StopPx] = None
    max_floor: Annotated[str | None, tags.MaxFloor] = None
    currency: Annotated[str | None, tags.Currency] = None
    time_in_force: Annotated[str, tags.TimeInForce] = TimeInForce.DAY
    transact_time: Annotated[int, tags.TransactTime, TIMESTAMP]


class OrderStatusRequest(Record, frozen=True, kw_only=True):
    """What became of an order."""

    MSG_TYPE: ClassVar[str] = "H"

    cl_ord_id: Annotated[str, tags.ClOrdID]
    account: Annotated[str, tags.Account]
    symbol: Annotated[str, tags.Symbol]
    side: Annotated[str, tags.Side]
    order_id: Annotated[str | None, tags.OrderID] = None
    ord_status_req_id: Annotated[str | None, tags.OrdStatusReqID] = None


class OrderMassStatusRequest(Record, frozen=True, kw_only=True):
    """What became of all orders, of an account or a symbol."""

    MSG_TYPE: ClassVar[str] = "AF"

    mass_status_req_id: Annotated[str, tags.MassStatusReqID]
    mass_status_req_type: Annotated[int, tags.MassStatusReqType]
    account: Annotated[str | None, tags.Account] = None
    symbol: Annotated[str | None, tags.Symbol] = None


class OrderMassCancelRequest(Record, frozen=True, kw_only=True):
    """Cancel all orders of this session, or those on one symbol; FIX 4.4 knows no account here."""

    MSG_TYPE: ClassVar[str] = "q"

    cl_ord_id: Annotated[str, tags.ClOrdID]
    mass_cancel_request_type: Annotated[str, tags.MassCancelRequestType]
    symbol: Annotated[str | None, tags.Symbol] = None
    transact_time: Annotated[int, tags.TransactTime, TIMESTAMP]
