"""The broker's answers as reports, by FIX and by REST alike."""

from typing import Any

import pytest

from services.fix.codec import decode, encode
from services.fix.message import Body, Message
from services.fix.messages import (
    BusinessMessageReject,
    CxlRejResponseTo,
    ExecType,
    ExecutionReport,
    OrderCancelReject,
    OrdRejReason,
    OrdStatus,
)
from services.orders.domain.order import Terms
from services.orders.domain.reports import Report, StatusAnswer
from services.orders.gateway import answers
from services.orders.gateway.executions import report_of
from tests.unit.orders.making import NOW, line, share

LISTED = {"AAPL": share()}


def framed(body: Body) -> Message:
    header = [(49, b"BROKER"), (56, b"ORDERS"), (34, b"2"), (52, b"20240808-07:10:00.000")]
    return decode(encode([(35, body.msg_type.encode()), *header, *body.fields]))


def read(body: Body) -> answers.Answer:
    return answers.answer_of(framed(body), LISTED, NOW)


def execution(**fields: Any) -> Body:
    terms: dict[str, Any] = {
        "order_id": "v1",
        "exec_id": "7",
        "exec_type": ExecType.NEW,
        "ord_status": OrdStatus.NEW,
        "cl_ord_id": "o1-1",
        "symbol": "AAPL",
        "side": "1",
        "leaves_qty": "100",
        "cum_qty": "0",
        "avg_px": "0",
        "transact_time": NOW,
    }
    return ExecutionReport(**(terms | fields)).body()


FILL = execution(
    exec_type=ExecType.TRADE,
    ord_status=OrdStatus.PARTIALLY_FILLED,
    leaves_qty="60",
    cum_qty="40",
    last_qty="40",
    last_px="199.90",
    commission="0.80",
    comm_type="3",
    last_liquidity_ind=1,
)


def test_a_trade_is_a_fill_with_its_fee_and_time() -> None:
    assert read(FILL).report == Report(
        kind="fill",
        report_id="7",
        order_id="o1",
        version=1,
        time=NOW,
        filled=40,
        quantity=40,
        price=19_990,
        fee=80,
        liquidity="maker",
    )


def test_the_same_fill_by_rest_is_the_same_report() -> None:
    told = line(7, "trade", filled=40, last_quantity=40, last_price=19_990, fee=80, liquidity="maker")
    assert report_of(told) == read(FILL).report


@pytest.mark.parametrize(
    ("exec_type", "kind"),
    [
        (ExecType.NEW, "accepted"),
        (ExecType.CANCELED, "cancelled"),
        (ExecType.REPLACED, "replaced"),
        (ExecType.REJECTED, "rejected"),
        (ExecType.EXPIRED, "expired"),
    ],
)
def test_each_exec_type_is_a_kind_of_report(exec_type: ExecType, kind: str) -> None:
    report = read(execution(exec_type=exec_type, text="why")).report
    assert report is not None
    assert (report.kind, report.reason) == (kind, "why")


def test_a_replace_says_what_stands_by_fix_as_by_rest() -> None:
    said = {"order_qty": "70", "price": "199.90", "stop_px": "199.00", "cl_ord_id": "o1-3"}
    report = read(execution(exec_type=ExecType.REPLACED, **said)).report
    told = report_of(line(7, "replaced", cl_ord_id="o1-3", quantity=70, limit_price=19_990, stop_price=19_900))
    assert report is not None
    assert told is not None
    assert report.terms == told.terms == Terms(quantity=70, limit_price=19_990, stop_price=19_900)
    assert report.version == told.version == 3


@pytest.mark.parametrize("exec_type", [ExecType.PENDING_NEW, ExecType.PENDING_CANCEL, ExecType.PENDING_REPLACE])
def test_a_pending_state_changes_nothing(exec_type: ExecType) -> None:
    assert read(execution(exec_type=exec_type)) == answers.Answer()


def test_the_refusal_of_a_used_id_is_no_report() -> None:
    body = execution(exec_type=ExecType.REJECTED, ord_rej_reason=int(OrdRejReason.DUPLICATE_ORDER))
    assert read(body) == answers.Answer()
    assert report_of(line(1, "rejected", reason="duplicate_order")) is None


def test_a_status_books_nothing() -> None:
    body = execution(exec_type=ExecType.ORDER_STATUS, ord_status=OrdStatus.FILLED, leaves_qty="0", cum_qty="100")
    assert read(body) == answers.Answer(status=StatusAnswer(order_id="o1", ended=True, filled=100))


def test_the_status_of_an_unknown_order_says_so() -> None:
    body = execution(
        exec_type=ExecType.ORDER_STATUS,
        ord_status=OrdStatus.REJECTED,
        leaves_qty="0",
        ord_rej_reason=int(OrdRejReason.UNKNOWN_ORDER),
    )
    report = read(body).report
    assert report is not None
    assert (report.kind, report.order_id, report.time) == ("unknown", "o1", NOW)


@pytest.mark.parametrize(
    ("to", "kind"),
    [
        (CxlRejResponseTo.ORDER_CANCEL_REQUEST, "cancel_rejected"),
        (CxlRejResponseTo.ORDER_CANCEL_REPLACE_REQUEST, "replace_rejected"),
    ],
)
def test_a_refused_request_is_told_apart_by_what_it_answers(to: CxlRejResponseTo, kind: str) -> None:
    body = OrderCancelReject(
        order_id="v1", cl_ord_id="o1-2", orig_cl_ord_id="o1-1", ord_status=OrdStatus.NEW, cxl_rej_response_to=to
    ).body()
    report = read(body).report
    assert report is not None
    assert (report.kind, report.report_id, report.order_id) == (kind, "o1-2:rejected", "o1")
    assert report_of(line(1, kind, cl_ord_id="o1-2", orig_cl_ord_id="o1-1")) == report


def test_a_message_that_the_broker_cannot_use_is_refused() -> None:
    body = BusinessMessageReject(ref_msg_type="G", business_reject_ref_id="o1-2", business_reject_reason=0).body()
    report = read(body).report
    assert report is not None
    assert (report.kind, report.report_id) == ("replace_rejected", "o1-2:refused")


def test_anothers_execution_is_no_report_of_ours() -> None:
    assert report_of(line(1, "trade", sender="REST", filled=1)) is None
