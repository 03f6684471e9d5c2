"""What the broker answers (FIX 4.4 volume 4, Single/General Order Handling)."""

from typing import Annotated, ClassVar

from services.fix import tags
from services.fix.messages.record import TIMESTAMP, Record


class ExecutionReport(Record, frozen=True, kw_only=True):
    """The state of an order after what happened to it, and the fill if it was one.

    A fill (ExecType F) has LastQty, LastPx, LastLiquidityInd and the fee: Commission with CommType 3, an amount of
    Currency. ExecID is the fill's id for ever; SecondaryExecID is the venue's trade.
    """

    MSG_TYPE: ClassVar[str] = "8"

    order_id: Annotated[str, tags.OrderID]
    exec_id: Annotated[str, tags.ExecID]
    exec_type: Annotated[str, tags.ExecType]
    ord_status: Annotated[str, tags.OrdStatus]
    cl_ord_id: Annotated[str | None, tags.ClOrdID] = None
    orig_cl_ord_id: Annotated[str | None, tags.OrigClOrdID] = None
    account: Annotated[str | None, tags.Account] = None
    symbol: Annotated[str, tags.Symbol]
    side: Annotated[str, tags.Side]
    leaves_qty: Annotated[str, tags.LeavesQty]
    cum_qty: Annotated[str, tags.CumQty]
    avg_px: Annotated[str, tags.AvgPx]
    transact_time: Annotated[int, tags.TransactTime, TIMESTAMP]
    order_qty: Annotated[str | None, tags.OrderQty] = None
    ord_type: Annotated[str | None, tags.OrdType] = None
    price: Annotated[str | None, tags.Price] = None
    stop_px: Annotated[str | None, tags.StopPx] = None
    time_in_force: Annotated[str | None, tags.TimeInForce] = None
    currency: Annotated[str | None, tags.Currency] = None
    last_qty: Annotated[str | None, tags.LastQty] = None
    last_px: Annotated[str | None, tags.LastPx] = None
    last_liquidity_ind: Annotated[int | None, tags.LastLiquidityInd] = None
    commission: Annotated[str | None, tags.Commission] = None
    comm_type: Annotated[str | None, tags.CommType] = None
    secondary_exec_id: Annotated[str | None, tags.SecondaryExecID] = None
    exec_ref_id: Annotated[str | None, tags.ExecRefID] = None
    ord_rej_reason: Annotated[int | None, tags.OrdRejReason] = None
    ord_status_req_id: Annotated[str | None, tags.OrdStatusReqID] = None
    mass_status_req_id: Annotated[str | None, tags.MassStatusReqID] = None
    tot_num_reports: Annotated[int | None, tags.TotNumReports] = None
    last_rpt_requested: Annotated[bool | None, tags.LastRptRequested] = None
    text: Annotated[str | None, tags.Text] = None


class OrderCancelReject(Record, frozen=True, kw_only=True):
    """A cancel or a replace that was not possible; the order stays what OrdStatus says."""

    MSG_TYPE: ClassVar[str] = "9"

    order_id: Annotated[str, tags.OrderID]
    cl_ord_id: Annotated[str, tags.ClOrdID]
    orig_cl_ord_id: Annotated[str, tags.OrigClOrdID]
    ord_status: Annotated[str, tags.OrdStatus]
    account: Annotated[str | None, tags.Account] = None
    cxl_rej_response_to: Annotated[str, tags.CxlRejResponseTo]
    cxl_rej_reason: Annotated[int | None, tags.CxlRejReason] = None
    transact_time: Annotated[int | None, tags.TransactTime, TIMESTAMP] = None
    text: Annotated[str | None, tags.Text] = None


class OrderMassCancelReport(Record, frozen=True, kw_only=True):
    """Whether a mass cancel was taken; each order then has its own ExecutionReport."""

    MSG_TYPE: ClassVar[str] = "r"

    order_id: Annotated[str, tags.OrderID]
    cl_ord_id: Annotated[str | None, tags.ClOrdID] = None
    mass_cancel_request_type: Annotated[str, tags.MassCancelRequestType]
    mass_cancel_response: Annotated[str, tags.MassCancelResponse]
    total_affected_orders: Annotated[int | None, tags.TotalAffectedOrders] = None
    text: Annotated[str | None, tags.Text] = None


class BusinessMessageReject(Record, frozen=True, kw_only=True):
    """A message that is right by the standard and of no use to the application."""

    MSG_TYPE: ClassVar[str] = "j"

    ref_seq_num: Annotated[int | None, tags.RefSeqNum] = None
    ref_msg_type: Annotated[str, tags.RefMsgType]
    business_reject_ref_id: Annotated[str | None, tags.BusinessRejectRefID] = None
    business_reject_reason: Annotated[int, tags.BusinessRejectReason]
    text: Annotated[str | None, tags.Text] = None


class Reject(Record, frozen=True, kw_only=True):
    """A message of ours that was wrong in itself; to be read only, the session writes its own."""

    MSG_TYPE: ClassVar[str] = "3"

    ref_seq_num: Annotated[int, tags.RefSeqNum]
    ref_tag_id: Annotated[int | None, tags.RefTagID] = None
    ref_msg_type: Annotated[str | None, tags.RefMsgType] = None
    session_reject_reason: Annotated[int | None, tags.SessionRejectReason] = None
    text: Annotated[str | None, tags.Text] = None
