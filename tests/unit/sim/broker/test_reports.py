"""Executions as FIX messages that FIX 4.4's dictionary accepts."""

import pytest

from services.fix import tags
from services.fix.messages import ExecutionReport, NewOrderSingle, OrderCancelReject, OrderStatusRequest, read
from services.fix.validation import validate
from sim.broker.reports import Reporter, order_refused
from sim.venue.orders import Execution
from tests.unit.sim.broker.examples import INSTRUMENTS, TIME, execution, framed

REPORTER = Reporter(INSTRUMENTS)


def reported(given: Execution, asked: OrderStatusRequest | None = None) -> ExecutionReport:
    message = framed(REPORTER.body(given, asked))
    assert validate(message) is None
    record = read(message)
    assert isinstance(record, ExecutionReport)
    return record


def test_a_new_order_is_reported_with_its_terms() -> None:
    report = reported(execution())
    assert (report.exec_type, report.ord_status, report.exec_id) == ("0", "0", "E0000000007")
    assert (report.order_qty, report.price, report.leaves_qty) == ("0.02000", "61837.63", "0.02000")
    assert (report.cl_ord_id, report.account, report.transact_time) == ("o1.1", "anna", TIME)


def test_a_fill_carries_price_fee_liquidity_and_the_venues_trade() -> None:
    report = reported(
        execution(
            kind="trade",
            status="partially_filled",
            leaves=500,
            filled=1_500,
            value=1_500 * 6_183_763,
            last_quantity=1_500,
            last_price=6_183_763,
            cost=927_564_450,
            fee=927_565,
            liquidity="taker",
            trade_id=42,
        )
    )
    assert (report.exec_type, report.ord_status) == ("F", "1")
    assert (report.last_qty, report.last_px, report.cum_qty) == ("0.01500", "61837.63", "0.01500")
    assert (report.commission, report.comm_type, report.currency) == ("0.927565", "3", "USDT")
    assert (report.last_liquidity_ind, report.secondary_exec_id, report.avg_px) == (2, "42", "61837.630000")


@pytest.mark.parametrize(
    ("reason", "number"), [("unknown_symbol", 1), ("closed", 2), ("duplicate_order", 6), ("price_band", 99)]
)
def test_a_rejection_has_its_code_as_text_and_fixs_number(reason: str, number: int) -> None:
    report = reported(execution(kind="rejected", status="rejected", leaves=0, reason=reason))
    assert (report.exec_type, report.ord_status, report.ord_rej_reason, report.text) == ("8", "8", number, reason)


def test_an_order_on_an_unlisted_symbol_is_reported_without_scales() -> None:
    report = reported(execution(kind="rejected", status="rejected", symbol="NOPE", leaves=0, reason="unknown_symbol"))
    assert (report.symbol, report.leaves_qty, report.ord_rej_reason) == ("NOPE", "0", 1)


def test_an_end_says_why() -> None:
    report = reported(execution(kind="cancelled", status="cancelled", leaves=0, reason="no_liquidity"))
    assert (report.exec_type, report.ord_status, report.text, report.ord_rej_reason) == ("4", "4", "no_liquidity", None)


def test_a_status_answers_under_the_requests_id() -> None:
    asked = OrderStatusRequest(cl_ord_id="o1.1", account="anna", symbol="BTCUSDT", side="1", ord_status_req_id="q9")
    report = reported(execution(kind="status", number=0, exec_id="0"), asked)
    assert (report.exec_type, report.exec_id, report.ord_status_req_id) == ("I", "0", "q9")


def test_a_status_of_an_unknown_order_names_what_was_asked() -> None:
    asked = OrderStatusRequest(cl_ord_id="zz", account="anna", symbol="AAPL", side="2")
    nobody = execution(
        kind="status", number=0, exec_id="0", order_id="", symbol="", account="", status="rejected", cl_ord_id="zz",
        reason="unknown_order", quantity=0, leaves=0, limit_price=None,
    )  # fmt: skip
    report = reported(nobody, asked)
    assert (report.order_id, report.cl_ord_id, report.symbol, report.side) == ("NONE", "zz", "AAPL", "2")
    assert (report.ord_status, report.ord_rej_reason) == ("8", 5)


@pytest.mark.parametrize(("kind", "response"), [("cancel_rejected", "1"), ("replace_rejected", "2")])
def test_a_refused_change_is_an_order_cancel_reject(kind: str, response: str) -> None:
    given = execution(kind=kind, status="filled", cl_ord_id="o1.2", orig_cl_ord_id="o1.1", reason="too_late", leaves=0)
    message = framed(REPORTER.body(given))
    assert validate(message) is None
    record = read(message)
    assert isinstance(record, OrderCancelReject)
    assert (record.cxl_rej_response_to, record.cxl_rej_reason, record.ord_status) == (response, 0, "2")
    assert (record.cl_ord_id, record.orig_cl_ord_id, record.text) == ("o1.2", "o1.1", "too_late")


def test_an_order_that_was_not_passed_on_is_rejected_under_no_order_id() -> None:
    order = NewOrderSingle(
        cl_ord_id="o2", account="anna", symbol="AAPL", side="1", order_qty="1.5", ord_type="1", transact_time=TIME
    )
    message = framed(order_refused(order, "off_lot", TIME))
    assert validate(message) is None
    assert message.text(tags.ExecID) == "o2:refused"
    assert (message.text(tags.OrderID), message.number(tags.OrdRejReason), message.text(tags.Text)) == (
        "NONE",
        13,
        "off_lot",
    )


@pytest.mark.parametrize(("kind", "exec_type"), [("busted", "H"), ("corrected", "G")])
def test_a_bust_and_a_correction_name_the_trade_that_they_take_back(kind: str, exec_type: str) -> None:
    facts = {"last_quantity": 1_500, "last_price": 6_183_763, "fee": 927_565, "exec_ref": "E0000000005"}
    report = reported(execution(kind=kind, status="new", leaves=2_000, liquidity="taker", trade_id=42, **facts))
    assert (report.exec_type, report.exec_ref_id, report.exec_id) == (exec_type, "E0000000005", "E0000000007")
    assert (report.last_qty, report.last_px, report.commission) == ("0.01500", "61837.63", "0.927565")
    assert (report.cum_qty, report.leaves_qty, report.ord_status) == ("0.00000", "0.02000", "0")
