import typing

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.fix import messages, tags
from services.fix.codec import decode, encode
from services.fix.message import Body, Message
from services.fix.messages import (
    BusinessMessageReject,
    BusinessRejectReason,
    ExecType,
    ExecutionReport,
    FieldMissingError,
    MassCancelRequestType,
    MassCancelResponse,
    MassStatusReqType,
    NewOrderSingle,
    OrderCancelReject,
    OrderCancelReplaceRequest,
    OrderCancelRequest,
    OrderMassCancelReport,
    OrderMassCancelRequest,
    OrderMassStatusRequest,
    OrderStatusRequest,
    OrdStatus,
    OrdType,
    Record,
    Reject,
    Side,
    TimeInForce,
    read,
    rejected,
)
from services.fix.validation import validate

TIME = 1_723_101_000_123_456
ORDER = NewOrderSingle(
    cl_ord_id="A-1",
    account="acc",
    symbol="BTCUSDT",
    side=Side.BUY,
    order_qty="0.02",
    ord_type=OrdType.LIMIT,
    price="61837.63",
    currency="USDT",
    time_in_force=TimeInForce.GOOD_TILL_CANCEL,
    transact_time=TIME,
)
FILL = ExecutionReport(
    order_id="7",
    exec_id="V-1",
    exec_type=ExecType.TRADE,
    ord_status=OrdStatus.PARTIALLY_FILLED,
    cl_ord_id="A-1",
    account="acc",
    symbol="BTCUSDT",
    side=Side.BUY,
    leaves_qty="0.01",
    cum_qty="0.01",
    avg_px="61837.63",
    transact_time=TIME,
    order_qty="0.02",
    currency="USDT",
    last_qty="0.01",
    last_px="61837.63",
    last_liquidity_ind=messages.LastLiquidityInd.REMOVED,
    commission="0.618376",
    comm_type=messages.COMM_TYPE_ABSOLUTE,
    secondary_exec_id="T-1",
    last_rpt_requested=False,
    text="Größe",
)
RECORDS: list[Record] = [
    ORDER,
    FILL,
    OrderCancelRequest(
        cl_ord_id="A-2", orig_cl_ord_id="A-1", account="acc", symbol="X", side=Side.SELL, transact_time=TIME
    ),
    OrderCancelReplaceRequest(
        cl_ord_id="A-2",
        orig_cl_ord_id="A-1",
        account="acc",
        symbol="X",
        side=Side.SELL,
        order_qty="5",
        ord_type=OrdType.STOP_LIMIT,
        price="1",
        stop_px="2",
        transact_time=TIME,
    ),
    OrderStatusRequest(cl_ord_id="A-1", account="acc", symbol="X", side=Side.BUY, ord_status_req_id="q"),
    OrderMassStatusRequest(mass_status_req_id="q", mass_status_req_type=MassStatusReqType.ALL_ORDERS, account="acc"),
    OrderMassCancelRequest(
        cl_ord_id="A-9", mass_cancel_request_type=MassCancelRequestType.SECURITY, symbol="X", transact_time=TIME
    ),
    OrderMassCancelReport(
        order_id="0",
        mass_cancel_request_type=MassCancelRequestType.ALL_ORDERS,
        mass_cancel_response=MassCancelResponse.ALL_ORDERS,
        total_affected_orders=3,
    ),
    OrderCancelReject(
        order_id="7",
        cl_ord_id="A-2",
        orig_cl_ord_id="A-1",
        ord_status=OrdStatus.FILLED,
        cxl_rej_response_to=messages.CxlRejResponseTo.ORDER_CANCEL_REQUEST,
        cxl_rej_reason=messages.CxlRejReason.TOO_LATE_TO_CANCEL,
        transact_time=TIME,
    ),
    BusinessMessageReject(ref_seq_num=4, ref_msg_type="D", business_reject_reason=BusinessRejectReason.OTHER),
    Reject(ref_seq_num=4, ref_tag_id=55, ref_msg_type="D", session_reject_reason=1, text="Required tag missing"),
]


def received(body: Body) -> Message:
    header = [(34, "2"), (49, "A"), (52, "20240808-07:10:00.123"), (56, "B")]
    return decode(encode([(35, body.msg_type), *header, *body.fields]))


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_survives_the_wire_and_the_dictionary(record: Record) -> None:
    message = received(record.body())
    assert validate(message) is None
    assert read(message) == record


def test_every_record_is_tried_above() -> None:
    assert {type(record) for record in RECORDS} == set(messages.RECORDS.values())


@pytest.mark.parametrize("values", [name for name in vars(messages.values).values() if isinstance(name, type)])
def test_every_value_is_one_that_the_dictionary_lists(values: type) -> None:
    from services.fix.dictionary import fix44

    if values.__module__ != messages.values.__name__:
        return
    listed = fix44().types[getattr(tags, values.__name__)].values
    members = typing.cast("typing.Iterable[str | int]", values)
    assert {str(member.value).encode() for member in members} <= listed  # type: ignore[union-attr]


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x01"), min_size=1)


@given(TEXT, TEXT, st.integers(0, 4_102_444_800_000_000))
def test_any_text_comes_back_as_it_was(order: str, symbol: str, time: int) -> None:
    record = msgspec.structs.replace(ORDER, cl_ord_id=order, symbol=symbol, transact_time=time)
    assert read(received(record.body())) == record


def test_what_is_not_there_is_not_written() -> None:
    assert tags.StopPx not in dict(ORDER.body().fields)


def test_a_field_that_the_platform_needs_is_named_when_it_is_missing() -> None:
    body = ORDER.body()
    without = Body("D", [field for field in body.fields if field[0] != tags.Account])
    message = received(without)
    assert validate(message) is None
    with pytest.raises(FieldMissingError, match="tag 1 is missing") as missing:
        read(message)
    assert missing.value.tag == tags.Account


def test_an_unusable_message_is_answered_with_its_number_and_its_order() -> None:
    reject = rejected(received(ORDER.body()), BusinessRejectReason.CONDITIONALLY_REQUIRED_FIELD_MISSING, "Account")
    assert (reject.ref_seq_num, reject.ref_msg_type, reject.business_reject_ref_id) == (2, "D", "A-1")


def test_both_sides_take_rejects_and_only_what_the_other_sends() -> None:
    assert {"D", "F", "G", "H", "AF", "q", "j", "3"} == messages.ORDER_ENTRY
    assert {"8", "9", "r", "j", "3"} == messages.ORDER_REPORTS
