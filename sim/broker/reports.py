"""What happened to an order, as FIX tells it."""

from collections.abc import Mapping

from services.contracts import money
from services.contracts.instruments import Instrument
from services.fix.message import Body
from services.fix.messages import (
    COMM_TYPE_ABSOLUTE,
    CxlRejResponseTo,
    ExecType,
    ExecutionReport,
    LastLiquidityInd,
    NewOrderSingle,
    OrderCancelReject,
    OrderCancelReplaceRequest,
    OrderCancelRequest,
    OrderStatusRequest,
    OrdStatus,
)
from sim.broker.refusals import cxl_rej_reason, ord_rej_reason
from sim.broker.terms import EXEC_TYPES, FIX_SIDES, FIX_STATUSES, FIX_TIFS, FIX_TYPES, average_price
from sim.venue.orders import Execution

NONE = "NONE"
"""OrderID where there is no order (FIX 4.4 volume 4, Order Cancel Reject)."""
NO_SYMBOL = "[N/A]"
"""FIX 4.4 volume 6, Symbol."""
LIQUIDITY = {"maker": LastLiquidityInd.ADDED, "taker": LastLiquidityInd.REMOVED}
TRADES = {"trade", "busted", "corrected"}
"""What tells of a trade; a bust repeats its quantity, price and fee."""
RESPONSES = {
    "cancel_rejected": CxlRejResponseTo.ORDER_CANCEL_REQUEST,
    "replace_rejected": CxlRejResponseTo.ORDER_CANCEL_REPLACE_REQUEST,
}


class Reporter:
    """Knows the instruments, and so how their integers are written."""

    def __init__(self, instruments: Mapping[str, Instrument]) -> None:
        self._instruments = instruments

    def body(self, execution: Execution, asked: OrderStatusRequest | None = None) -> Body:
        """ExecutionReport or OrderCancelReject; ``asked`` is what a status answers."""
        if execution.kind in RESPONSES:
            return self._cancel_reject(execution).body()
        instrument = self._instruments.get(execution.symbol)
        if instrument is None:
            return self._unlisted(execution, asked).body()
        return self._report(execution, instrument, asked).body()

    def _report(
        self, execution: Execution, instrument: Instrument, asked: OrderStatusRequest | None
    ) -> ExecutionReport:
        price, quantity = instrument.price_scale, instrument.quantity_scale
        is_fill = execution.kind in TRADES
        fee_scale = money.CURRENCY_SCALES[instrument.currency]
        return ExecutionReport(
            order_id=execution.order_id or NONE,
            exec_id=execution.exec_id,
            exec_type=EXEC_TYPES[execution.kind],
            ord_status=FIX_STATUSES[execution.status],
            cl_ord_id=execution.cl_ord_id,
            orig_cl_ord_id=execution.orig_cl_ord_id or None,
            account=execution.account or None,
            symbol=execution.symbol,
            side=FIX_SIDES[execution.side],
            order_qty=money.text(execution.quantity, quantity),
            ord_type=FIX_TYPES[execution.type],
            price=_text(execution.limit_price, price),
            stop_px=_text(execution.stop_price, price),
            time_in_force=FIX_TIFS[execution.tif],
            currency=instrument.currency,
            leaves_qty=money.text(execution.leaves, quantity),
            cum_qty=money.text(execution.filled, quantity),
            avg_px=average_price(instrument, execution.value, execution.filled),
            transact_time=execution.time,
            last_qty=money.text(execution.last_quantity, quantity) if is_fill else None,
            last_px=money.text(execution.last_price, price) if is_fill else None,
            last_liquidity_ind=LIQUIDITY.get(execution.liquidity),
            commission=money.text(execution.fee, fee_scale) if is_fill else None,
            comm_type=COMM_TYPE_ABSOLUTE if is_fill else None,
            secondary_exec_id=str(execution.trade_id) if is_fill else None,
            exec_ref_id=execution.exec_ref or None,
            ord_rej_reason=_rejection(execution),
            ord_status_req_id=asked.ord_status_req_id if asked else None,
            text=execution.reason or None,
        )

    def _unlisted(self, execution: Execution, asked: OrderStatusRequest | None) -> ExecutionReport:
        """An order that the venue does not know, or one on a symbol that it does not list."""
        return ExecutionReport(
            order_id=execution.order_id or NONE,
            exec_id=execution.exec_id,
            exec_type=EXEC_TYPES[execution.kind],
            ord_status=FIX_STATUSES[execution.status],
            cl_ord_id=execution.cl_ord_id,
            account=execution.account or None,
            symbol=execution.symbol or (asked.symbol if asked else NO_SYMBOL),
            side=asked.side if asked else FIX_SIDES[execution.side],
            leaves_qty="0",
            cum_qty="0",
            avg_px="0",
            transact_time=execution.time,
            ord_rej_reason=_rejection(execution),
            ord_status_req_id=asked.ord_status_req_id if asked else None,
            text=execution.reason or None,
        )

    def _cancel_reject(self, execution: Execution) -> OrderCancelReject:
        return OrderCancelReject(
            order_id=execution.order_id or NONE,
            cl_ord_id=execution.cl_ord_id,
            orig_cl_ord_id=execution.orig_cl_ord_id,
            ord_status=FIX_STATUSES[execution.status],
            account=execution.account or None,
            cxl_rej_response_to=RESPONSES[execution.kind],
            cxl_rej_reason=cxl_rej_reason(execution.reason),
            transact_time=execution.time,
            text=execution.reason or None,
        )


def order_refused(order: NewOrderSingle, code: str, time: int) -> Body:
    """An order that the broker did not pass on; its ExecID names it, for the venue's record knows nothing of it."""
    return ExecutionReport(
        order_id=NONE,
        exec_id=f"{order.cl_ord_id}:refused",
        exec_type=ExecType.REJECTED,
        ord_status=OrdStatus.REJECTED,
        cl_ord_id=order.cl_ord_id,
        account=order.account,
        symbol=order.symbol,
        side=order.side,
        order_qty=order.order_qty,
        ord_type=order.ord_type,
        leaves_qty="0",
        cum_qty="0",
        avg_px="0",
        transact_time=time,
        ord_rej_reason=ord_rej_reason(code),
        text=code,
    ).body()


def change_refused(
    request: OrderCancelRequest | OrderCancelReplaceRequest, stands: Execution | None, code: str, time: int
) -> Body:
    """A cancel or replace that the broker did not pass on; ``stands`` is how the venue has the order."""
    is_cancel = isinstance(request, OrderCancelRequest)
    return OrderCancelReject(
        order_id=stands.order_id if stands else NONE,
        cl_ord_id=request.cl_ord_id,
        orig_cl_ord_id=request.orig_cl_ord_id,
        ord_status=FIX_STATUSES[stands.status] if stands else OrdStatus.REJECTED,
        account=request.account,
        cxl_rej_response_to=RESPONSES["cancel_rejected" if is_cancel else "replace_rejected"],
        cxl_rej_reason=cxl_rej_reason(code),
        transact_time=time,
        text=code,
    ).body()


def _rejection(execution: Execution) -> int | None:
    is_rejection = execution.kind == "rejected" or (execution.kind == "status" and not execution.order_id)
    return int(ord_rej_reason(execution.reason)) if is_rejection else None


def _text(price: int | None, scale: int) -> str | None:
    return None if price is None else money.text(price, scale)
