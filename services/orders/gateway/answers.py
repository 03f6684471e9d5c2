"""FIX's answers as reports on our orders."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from msgspec.structs import replace

from services.contracts import money
from services.contracts.instruments import Instrument
from services.fix import messages, tags
from services.fix.codec import decode
from services.fix.message import Message
from services.fix.messages import BusinessMessageReject, ExecType, ExecutionReport, OrderCancelReject, OrdRejReason
from services.orders.domain.order import Terms, of_cl_ord_id
from services.orders.domain.reports import AMENDMENTS, Report, ReportKind, StatusAnswer
from services.runtime import trace

KINDS: Final[Mapping[str, ReportKind]] = {
    ExecType.NEW: "accepted",
    ExecType.TRADE: "fill",
    ExecType.CANCELED: "cancelled",
    ExecType.REPLACED: "replaced",
    ExecType.REJECTED: "rejected",
    ExecType.EXPIRED: "expired",
    ExecType.TRADE_CANCEL: "busted",
    ExecType.TRADE_CORRECT: "corrected",
}
REFUSED: Final[Mapping[str, ReportKind]] = {
    messages.NewOrderSingle.MSG_TYPE: "rejected",
    messages.OrderCancelRequest.MSG_TYPE: "cancel_rejected",
    messages.OrderCancelReplaceRequest.MSG_TYPE: "replace_rejected",
}
TRADES = frozenset({"fill", *AMENDMENTS})
UNKNOWN_ORDER = "unknown_order"


class Answer(NamedTuple):
    """What one message of the broker means to us; one of the two, or nothing."""

    report: Report | None = None
    status: StatusAnswer | None = None


Instruments = Mapping[str, Instrument]


def answer_of(message: Message, instruments: Instruments, now: int) -> Answer:
    """Read a delivered message; ``now`` is market time, for those that carry none."""
    record = messages.read(message)
    match record:
        case ExecutionReport(exec_type=ExecType.ORDER_STATUS):
            return _status(record, instruments, now)
        case ExecutionReport():
            report = _execution(record, instruments)
            return Answer(report=report and in_span(report, message))
        case OrderCancelReject():
            return Answer(report=_cancel_reject(record, now))
        case BusinessMessageReject(business_reject_ref_id=str(about)):
            return Answer(report=refused(record.ref_msg_type, about, now))
    return Answer()


def in_span(report: Report, message: Message) -> Report:
    """The report in a span of ours, a child of the venue's where the message names one."""
    sent = message.text(tags.Traceparent)
    if sent is None:
        return report
    span = trace.span_for(sent)
    return replace(report, traceparent=span.traceparent, parent_id=span.parent_id)


def _status(record: ExecutionReport, instruments: Instruments, now: int) -> Answer:
    order_id, version = of_cl_ord_id(record.cl_ord_id or "")
    if record.ord_rej_reason == OrdRejReason.UNKNOWN_ORDER:
        unknown = Report(
            kind="unknown",
            report_id=f"{record.cl_ord_id}:{UNKNOWN_ORDER}",
            order_id=order_id,
            version=version,
            time=now,
            reason=UNKNOWN_ORDER,
        )
        return Answer(report=unknown)
    filled = _quantity(record.cum_qty, instruments.get(record.symbol))
    return Answer(status=StatusAnswer(order_id=order_id, ended=not record.leaves_qty.strip("0."), filled=filled))


def _execution(record: ExecutionReport, instruments: Instruments) -> Report | None:
    """None for what changes nothing: a pending state, and the refusal of a ClOrdID that was used before."""
    kind = KINDS.get(record.exec_type)
    if kind is None or (kind == "rejected" and record.ord_rej_reason == OrdRejReason.DUPLICATE_ORDER):
        return None
    order_id, version = of_cl_ord_id(record.cl_ord_id or "")
    instrument = instruments.get(record.symbol)
    terms = {
        "kind": kind,
        "report_id": record.exec_id,
        "order_id": order_id,
        "version": version,
        "time": record.transact_time,
        "filled": _quantity(record.cum_qty, instrument),
        "reason": record.text,
    }
    if kind not in TRADES or instrument is None:
        stands = _terms(record, instrument) if kind == "replaced" and instrument else None
        return Report(**terms, terms=stands)  # type: ignore[arg-type]
    return Report(
        **terms,  # type: ignore[arg-type]
        quantity=_quantity(record.last_qty or "0", instrument),
        price=money.parse(record.last_px or "0", instrument.price_scale),
        fee=money.parse(record.commission or "0", money.CURRENCY_SCALES[instrument.currency]),
        liquidity="maker" if record.last_liquidity_ind == messages.LastLiquidityInd.ADDED else "taker",
        refers_to=record.exec_ref_id,
    )


def _terms(record: ExecutionReport, instrument: Instrument) -> Terms | None:
    """What stands after a replace, where the broker says so."""
    if not record.order_qty:
        return None

    def price(text: str | None) -> int | None:
        return None if text is None else money.parse(text, instrument.price_scale)

    quantity = money.parse(record.order_qty, instrument.quantity_scale)
    return Terms(quantity=quantity, limit_price=price(record.price), stop_price=price(record.stop_px))


def _cancel_reject(record: OrderCancelReject, now: int) -> Report:
    order_id, version = of_cl_ord_id(record.orig_cl_ord_id)
    is_cancel = record.cxl_rej_response_to == messages.CxlRejResponseTo.ORDER_CANCEL_REQUEST
    return Report(
        kind="cancel_rejected" if is_cancel else "replace_rejected",
        report_id=f"{record.cl_ord_id}:rejected",
        order_id=order_id,
        version=version,
        refused=of_cl_ord_id(record.cl_ord_id)[1],
        time=record.transact_time or now,
        reason=record.text,
    )


def refused(msg_type: str, about: str, now: int) -> Report | None:
    """A message of ours that the broker could not use; none for a question."""
    kind = REFUSED.get(msg_type)
    if kind is None:
        return None
    order_id, version = of_cl_ord_id(about)
    return Report(
        kind=kind, report_id=f"{about}:refused", order_id=order_id, version=version, time=now, reason="refused"
    )


def refused_frame(frame: bytes, now: int) -> Report | None:
    """The same of a message that broke the standard, as it was sent."""
    message = decode(frame)
    return refused(message.msg_type, message.text(tags.ClOrdID) or "", now)


def _quantity(text: str, instrument: Instrument | None) -> int:
    return 0 if instrument is None else money.parse(text, instrument.quantity_scale)
