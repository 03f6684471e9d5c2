"""Order entry by FIX against the venue, on real sockets."""

from collections.abc import Callable
from pathlib import Path

import pytest

from services.fix.message import Body
from services.fix.messages import (
    BusinessMessageReject,
    ExecutionReport,
    NewOrderSingle,
    OrderCancelReject,
    OrderCancelReplaceRequest,
    OrderCancelRequest,
    OrderMassCancelReport,
    OrderMassCancelRequest,
    OrderStatusRequest,
    Record,
)
from services.fix.session import Exchange
from tests.integration.sim.broker.client import TIME, FixClient, order
from tests.integration.sim.broker.desk import Desk, desk


def resting(broker: Desk, cl_ord_id: str) -> NewOrderSingle:
    """A limit order that nothing meets."""
    return order(cl_ord_id, ord_type="2", price=broker.far_below("AAPL"))


async def test_a_market_order_is_accepted_and_filled(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        await client.send(order("o1"))
        fill = await client.hears(ExecutionReport, "o1", exec_type="F")
        (accepted,) = client.of(ExecutionReport, "o1", exec_type="0")
        assert accepted.order_id == fill.order_id
        assert (accepted.account, accepted.order_qty, accepted.leaves_qty) == ("anna", "10", "10")
        assert fill.commission is not None
        assert fill.last_liquidity_ind == 2


async def test_an_order_can_be_cancelled(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        await client.send(resting(broker, "o1"))
        await client.hears(ExecutionReport, "o1", exec_type="0")
        await client.send(cancel("o2", "o1"))
        ended = await client.hears(ExecutionReport, "o2", exec_type="4")
        assert (ended.orig_cl_ord_id, ended.ord_status, ended.leaves_qty) == ("o1", "4", "0")


def cancel(cl_ord_id: str, orig: str) -> OrderCancelRequest:
    return OrderCancelRequest(
        cl_ord_id=cl_ord_id, orig_cl_ord_id=orig, account="anna", symbol="AAPL", side="1", transact_time=TIME
    )


def replace(cl_ord_id: str, orig: str, quantity: str, price: str) -> OrderCancelReplaceRequest:
    return OrderCancelReplaceRequest(
        cl_ord_id=cl_ord_id,
        orig_cl_ord_id=orig,
        account="anna",
        symbol="AAPL",
        side="1",
        order_qty=quantity,
        ord_type="2",
        price=price,
        transact_time=TIME,
    )


def question(cl_ord_id: str) -> OrderStatusRequest:
    return OrderStatusRequest(cl_ord_id=cl_ord_id, account="anna", symbol="AAPL", side="1", ord_status_req_id="q1")


async def test_an_order_can_be_replaced(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        await client.send(resting(broker, "o1"))
        await client.send(replace("o2", "o1", "25", broker.far_below("AAPL")))
        replaced = await client.hears(ExecutionReport, "o2", exec_type="5")
        assert (replaced.orig_cl_ord_id, replaced.order_qty, replaced.leaves_qty) == ("o1", "25", "25")


@pytest.mark.parametrize("request_of", [lambda: cancel("o2", "o1"), lambda: replace("o2", "o1", "5", "90")])
async def test_a_change_of_an_unknown_order_is_rejected(tmp_path: Path, request_of: Callable[[], Record]) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        await client.send(request_of())
        refusal = await client.hears(OrderCancelReject, "o2")
        assert (refusal.order_id, refusal.cxl_rej_reason, refusal.text) == ("NONE", 1, "unknown_order")


async def test_a_cancel_after_the_fill_is_too_late(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        await client.send(order("o1"), cancel("o2", "o1"))
        refusal = await client.hears(OrderCancelReject, "o2")
        assert (refusal.cxl_rej_reason, refusal.ord_status) == (0, "2")


async def test_a_replace_that_cannot_be_read_is_rejected_and_the_order_stands(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        await client.send(resting(broker, "o1"))
        await client.hears(ExecutionReport, "o1", exec_type="0")
        await client.send(replace("o2", "o1", "10", "90.001"))
        refusal = await client.hears(OrderCancelReject, "o2")
        assert (refusal.cxl_rej_response_to, refusal.ord_status, refusal.text) == ("2", "0", "off_tick")


async def test_a_used_cl_ord_id_is_a_duplicate(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        await client.send(order("o1"))
        await client.hears(ExecutionReport, "o1", exec_type="F")
        await client.send(order("o1"))
        refusal = await client.hears(ExecutionReport, "o1", exec_type="8")
        assert refusal.ord_rej_reason == 6


@pytest.mark.parametrize("repeated", [lambda: cancel("o1", "o1"), lambda: replace("o1", "o1", "5", "90")])
async def test_a_change_under_a_used_cl_ord_id_is_a_duplicate(tmp_path: Path, repeated: Callable[[], Record]) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        await client.send(resting(broker, "o1"))
        await client.hears(ExecutionReport, "o1", exec_type="0")
        await client.send(repeated())
        refusal = await client.hears(OrderCancelReject, "o1")
        assert (refusal.cxl_rej_reason, refusal.ord_status, refusal.text) == (6, "0", "duplicate_order")


async def test_a_possible_resend_of_a_cancel_is_answered_by_the_orders_status(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        await client.send(resting(broker, "o1"), cancel("o2", "o1"))
        await client.hears(ExecutionReport, "o2", exec_type="4")
        await client.send(cancel("o2", "o1"), poss_resend=True)
        status = await client.hears(ExecutionReport, "o2", exec_type="I")
        assert status.ord_status == "4"
        assert not client.of(OrderCancelReject, "o2")


async def test_a_possible_resend_of_a_known_order_is_answered_by_its_status(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        await client.send(order("o1"))
        await client.hears(ExecutionReport, "o1", exec_type="F")
        await client.send(order("o1"), poss_resend=True)
        status = await client.hears(ExecutionReport, "o1", exec_type="I")
        assert (status.ord_status, status.cum_qty) == ("2", "10")
        assert not client.of(ExecutionReport, "o1", exec_type="8")


async def test_a_possible_resend_of_an_unknown_order_is_an_order(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        await client.send(order("o1"), poss_resend=True)
        await client.hears(ExecutionReport, "o1", exec_type="F")


async def test_a_status_is_told_under_the_id_of_its_question(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        await client.send(resting(broker, "o1"), question("o1"))
        status = await client.hears(ExecutionReport, "o1", exec_type="I")
        assert (status.ord_status, status.ord_status_req_id, status.exec_id) == ("0", "q1", "0")


async def test_the_status_of_an_unknown_order_says_so(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        await client.send(question("never"))
        status = await client.hears(ExecutionReport, "never", exec_type="I")
        assert (status.order_id, status.ord_status, status.ord_rej_reason) == ("NONE", "8", 5)


async def test_a_mass_cancel_ends_every_open_order(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        await client.send(resting(broker, "o1"), resting(broker, "o2"))
        await client.hears(ExecutionReport, "o2", exec_type="0")
        await client.send(OrderMassCancelRequest(cl_ord_id="m1", mass_cancel_request_type="7", transact_time=TIME))
        report = await client.hears(OrderMassCancelReport, "m1")
        assert (report.mass_cancel_response, report.total_affected_orders) == ("7", 2)
        await client.hears(ExecutionReport, "m1.2", exec_type="4")
        assert (await broker.rest.get("/orders", params={"sender": "ORDERS"})).json() == []


async def test_a_mass_cancel_on_an_unknown_symbol_is_rejected(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        await client.send(
            OrderMassCancelRequest(cl_ord_id="m1", mass_cancel_request_type="1", symbol="NOPE", transact_time=TIME)
        )
        report = await client.hears(OrderMassCancelReport, "m1")
        assert (report.mass_cancel_response, report.text) == ("0", "unknown_symbol")


@pytest.mark.parametrize(
    ("fields", "reason", "text"),
    [
        ({"symbol": "NOPE"}, 1, "unknown_symbol"),
        ({"order_qty": "1.5"}, 13, "off_lot"),
        ({"ord_type": "2", "price": "90.001"}, 99, "off_tick"),
        ({"ord_type": "2", "price": "1"}, 99, "price_band"),
        ({"order_qty": "101"}, 3, "order_limit"),
        ({"side": "5"}, 11, "unsupported"),
    ],
)
async def test_a_refused_order_is_told_why(tmp_path: Path, fields: dict[str, str], reason: int, text: str) -> None:
    async with desk(tmp_path, broker_most="100") as broker, FixClient().connected(broker.fix) as client:
        await client.send(order("o1", **fields))
        refusal = await client.hears(ExecutionReport, "o1", exec_type="8")
        assert (refusal.ord_rej_reason, refusal.text, refusal.ord_status) == (reason, text, "8")


async def test_an_order_without_an_account_is_refused_as_incomplete(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:

        async def without_account(exchange: Exchange) -> None:
            body = order("o1").body()
            exchange.send([Body("D", [field for field in body.fields if field[0] != 1])])
            client.store.keep(exchange)

        await client.endpoint.run(without_account)
        refusal = await client.hears(BusinessMessageReject, "o1")
        assert (refusal.business_reject_reason, refusal.ref_msg_type) == (5, "D")


async def test_reports_of_an_absent_client_are_kept_and_come_by_resend(tmp_path: Path) -> None:
    client = FixClient()
    async with desk(tmp_path) as broker:
        async with client.connected(broker.fix):
            await client.send(order("o1", ord_type="2", price=broker.top("AAPL")))
            await client.hears(ExecutionReport, "o1", exec_type="0")
        await broker.sell_through("AAPL")
        assert client.of(ExecutionReport, "o1", exec_type="F") == []
        async with client.connected(broker.fix):
            fill = await client.hears(ExecutionReport, "o1", exec_type="F")
            assert fill.last_liquidity_ind == 1


async def test_reports_survive_a_restart_of_the_broker(tmp_path: Path) -> None:
    client = FixClient()
    async with desk(tmp_path) as broker, client.connected(broker.fix):
        await client.send(order("o1"))
        await client.hears(ExecutionReport, "o1", exec_type="F")
        numbers = client.store.numbers
    async with desk(tmp_path) as broker, client.connected(broker.fix):
        await client.send(order("o2"))
        await client.hears(ExecutionReport, "o2", exec_type="F")
        assert client.store.numbers.next_in > numbers.next_in
    assert len({report.exec_id for report in client.told if isinstance(report, ExecutionReport)}) == 4


async def test_two_clients_hear_of_their_own_orders_only(tmp_path: Path) -> None:
    async with (
        desk(tmp_path, fix_clients="ORDERS,DESK2") as broker,
        FixClient().connected(broker.fix) as one,
        FixClient("DESK2").connected(broker.fix) as other,
    ):
        await one.send(order("o1"))
        await other.send(order("o1", account="bob"))
        await one.hears(ExecutionReport, "o1", exec_type="F")
        await other.hears(ExecutionReport, "o1", exec_type="F")
        assert {report.account for report in one.of(ExecutionReport, "o1")} == {"anna"}
        assert {report.account for report in other.of(ExecutionReport, "o1")} == {"bob"}
