"""Our messages as FIX has them (FIX 4.4 volume 4, Single/General Order Handling)."""

from collections.abc import Mapping
from typing import Final

from services.contracts import money
from services.contracts.orders import OrderType, TimeInForce
from services.contracts.orders import Side as OrderSide
from services.fix import messages, tags
from services.fix.message import Body
from services.orders.domain.changes import Dispatch
from services.orders.domain.order import Order, cl_ord_id

SIDES: Final[Mapping[OrderSide, messages.Side]] = {"buy": messages.Side.BUY, "sell": messages.Side.SELL}
TYPES: Final[Mapping[OrderType, messages.OrdType]] = {
    "market": messages.OrdType.MARKET,
    "limit": messages.OrdType.LIMIT,
    "stop": messages.OrdType.STOP,
    "stop_limit": messages.OrdType.STOP_LIMIT,
}
TIFS: Final[Mapping[TimeInForce, messages.TimeInForce]] = {
    "day": messages.TimeInForce.DAY,
    "gtc": messages.TimeInForce.GOOD_TILL_CANCEL,
    "ioc": messages.TimeInForce.IMMEDIATE_OR_CANCEL,
    "fok": messages.TimeInForce.FILL_OR_KILL,
}


def body_of(dispatch: Dispatch) -> Body:
    """The message that asks what the dispatch says."""
    match dispatch.kind:
        case "new":
            return _new(dispatch).body()
        case "replace":
            return _replace(dispatch).body()
        case "cancel":
            return _cancel(dispatch).body()


def traced(dispatch: Dispatch) -> Body:
    """The same with the trace it belongs to, in a field that the standard leaves to the two sides."""
    body = body_of(dispatch)
    if dispatch.traceparent is None:
        return body
    return body._replace(fields=[*body.fields, (tags.Traceparent, dispatch.traceparent)])


def status_of(order: Order) -> Body:
    """What became of an order, under the ClOrdID that stands at the venue."""
    state = order.state
    return messages.OrderStatusRequest(
        cl_ord_id=cl_ord_id(state.order_id, order.working),
        account=state.account_id,
        symbol=state.symbol,
        side=SIDES[state.side],
    ).body()


def _new(dispatch: Dispatch) -> messages.NewOrderSingle:
    order, terms = dispatch.order, dispatch.terms
    return messages.NewOrderSingle(
        cl_ord_id=dispatch.cl_ord_id,
        account=order.account_id,
        symbol=order.symbol,
        side=SIDES[order.side],
        order_qty=money.text(terms.quantity, order.quantity_scale),
        ord_type=TYPES[order.type],
        # The worst price of a market or a stop order: the broker's rule.
        price=money.text(terms.worst_price, order.price_scale),
        stop_px=_price(terms.stop_price, order.price_scale),
        currency=order.currency,
        time_in_force=TIFS[order.tif],
        transact_time=order.updated,
    )


def _replace(dispatch: Dispatch) -> messages.OrderCancelReplaceRequest:
    order, terms = dispatch.order, dispatch.terms
    return messages.OrderCancelReplaceRequest(
        cl_ord_id=dispatch.cl_ord_id,
        orig_cl_ord_id=dispatch.orig_cl_ord_id,
        account=order.account_id,
        symbol=order.symbol,
        side=SIDES[order.side],
        order_qty=money.text(terms.quantity, order.quantity_scale),
        ord_type=TYPES[order.type],
        price=money.text(terms.worst_price, order.price_scale),
        stop_px=_price(terms.stop_price, order.price_scale),
        currency=order.currency,
        time_in_force=TIFS[order.tif],
        transact_time=order.updated,
    )


def _cancel(dispatch: Dispatch) -> messages.OrderCancelRequest:
    order = dispatch.order
    return messages.OrderCancelRequest(
        cl_ord_id=dispatch.cl_ord_id,
        orig_cl_ord_id=dispatch.orig_cl_ord_id,
        account=order.account_id,
        symbol=order.symbol,
        side=SIDES[order.side],
        order_qty=money.text(order.quantity, order.quantity_scale),
        transact_time=order.updated,
    )


def _price(price: int | None, scale: int) -> str | None:
    return None if price is None else money.text(price, scale)
