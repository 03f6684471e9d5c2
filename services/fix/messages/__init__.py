"""The messages that orders and the broker exchange, as records."""

from services.fix import tags
from services.fix.message import Message
from services.fix.messages.record import FieldMissingError, Record
from services.fix.messages.reports import (
    BusinessMessageReject,
    ExecutionReport,
    OrderCancelReject,
    OrderMassCancelReport,
    Reject,
)
from services.fix.messages.requests import (
    NewOrderSingle,
    OrderCancelReplaceRequest,
    OrderCancelRequest,
    OrderMassCancelRequest,
    OrderMassStatusRequest,
    OrderStatusRequest,
)
from services.fix.messages.values import (
    COMM_TYPE_ABSOLUTE,
    BusinessRejectReason,
    CxlRejReason,
    CxlRejResponseTo,
    ExecType,
    LastLiquidityInd,
    MassCancelRequestType,
    MassCancelResponse,
    MassStatusReqType,
    OrdRejReason,
    OrdStatus,
    OrdType,
    Side,
    TimeInForce,
)

__all__ = [
    "COMM_TYPE_ABSOLUTE",
    "ORDER_ENTRY",
    "ORDER_REPORTS",
    "BusinessMessageReject",
    "BusinessRejectReason",
    "CxlRejReason",
    "CxlRejResponseTo",
    "ExecType",
    "ExecutionReport",
    "FieldMissingError",
    "LastLiquidityInd",
    "MassCancelRequestType",
    "MassCancelResponse",
    "MassStatusReqType",
    "NewOrderSingle",
    "OrdRejReason",
    "OrdStatus",
    "OrdType",
    "OrderCancelReject",
    "OrderCancelReplaceRequest",
    "OrderCancelRequest",
    "OrderMassCancelReport",
    "OrderMassCancelRequest",
    "OrderMassStatusRequest",
    "OrderStatusRequest",
    "Record",
    "Reject",
    "Side",
    "TimeInForce",
    "read",
    "rejected",
]

REQUESTS: tuple[type[Record], ...] = (
    NewOrderSingle,
    OrderCancelRequest,
    OrderCancelReplaceRequest,
    OrderStatusRequest,
    OrderMassStatusRequest,
    OrderMassCancelRequest,
)
REPORTS: tuple[type[Record], ...] = (ExecutionReport, OrderCancelReject, OrderMassCancelReport)
REFUSALS: tuple[type[Record], ...] = (BusinessMessageReject, Reject)

ORDER_ENTRY = frozenset(record.MSG_TYPE for record in REQUESTS + REFUSALS)
"""What the broker's session delivers."""
ORDER_REPORTS = frozenset(record.MSG_TYPE for record in REPORTS + REFUSALS)
"""What orders' session delivers."""
RECORDS = {record.MSG_TYPE: record for record in REQUESTS + REPORTS + REFUSALS}


def read(message: Message) -> Record:
    """The record for a delivered message; FieldMissingError is to be answered by rejected()."""
    return RECORDS[message.msg_type].of(message)


def rejected(message: Message, reason: BusinessRejectReason, text: str) -> BusinessMessageReject:
    """The answer to a message that the application cannot use."""
    return BusinessMessageReject(
        ref_seq_num=message.seq,
        ref_msg_type=message.msg_type,
        business_reject_ref_id=message.text(tags.ClOrdID),
        business_reject_reason=reason,
        text=text,
    )
