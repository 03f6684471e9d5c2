"""The session with the broker: lost and found again, and what becomes of orders meanwhile."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.exc import OperationalError

from services.contracts.events.portfolio import CashDeposited
from services.contracts.ids import new_id
from services.fix.messages import (
    ExecType,
    NewOrderSingle,
    OrderCancelRequest,
    OrderStatusRequest,
    OrdRejReason,
    OrdStatus,
)
from services.orders.handlers import session
from services.orders.store import Connection
from tests.eventually import eventually
from tests.integration.orders.desk import Desk, ticket, trading
from tests.integration.orders.test_requests import shows, working


async def drop(desk: Desk) -> None:
    """The connection breaks, and comes back by itself."""
    writer = desk.street.endpoint._writer
    assert writer is not None
    writer.transport.abort()


def ask(desk: Desk) -> list[OrderStatusRequest]:
    return desk.street.requests(OrderStatusRequest)


async def test_after_a_lost_session_each_open_order_is_asked_for(desk: Desk, ann: httpx.AsyncClient) -> None:
    order_id, order = await working(desk, ann)
    await drop(desk)
    [question] = await eventually(lambda: ask(desk))
    assert question.cl_ord_id == order.cl_ord_id
    await desk.street.tell(
        desk.street.report(
            question,
            ExecType.ORDER_STATUS,
            OrdStatus.REJECTED,
            order_id="NONE",
            exec_id="0",
            ord_rej_reason=int(OrdRejReason.UNKNOWN_ORDER),
        )
    )
    await eventually(shows(ann, order_id, "cancelled"))
    assert (await ann.get(f"/orders/{order_id}")).json()["reason"] == "unknown_order"
    assert (await desk.balance("ann"))["reserved"] == 0


async def test_a_duplicate_order_reject_ends_nothing(desk: Desk, ann: httpx.AsyncClient) -> None:
    order_id, order = await working(desk, ann)
    await desk.street.tell(
        desk.street.report(
            order, ExecType.REJECTED, OrdStatus.REJECTED, ord_rej_reason=int(OrdRejReason.DUPLICATE_ORDER)
        ),
        desk.street.fill(order, 10, 10),
    )
    await eventually(shows(ann, order_id, "partially_filled"))


async def test_reports_of_the_time_without_a_session_come_by_resend(desk: Desk, ann: httpx.AsyncClient) -> None:
    order_id, order = await working(desk, ann)
    await drop(desk)
    await desk.street.tell(desk.street.fill(order, 100, 100))
    await eventually(shows(ann, order_id, "filled"))


async def test_missing_fills_are_fetched_before_anything_is_released(desk: Desk, ann: httpx.AsyncClient) -> None:
    order_id, order = await working(desk, ann)
    fill = {
        "number": 900,
        "exec_id": "900",
        "sender": "ORDERS",
        "kind": "trade",
        "cl_ord_id": order.cl_ord_id,
        "filled": 40,
        "last_quantity": 40,
        "last_price": 19_000,
        "fee": 76,
        "liquidity": "maker",
        "time": 1,
    }
    end = {
        "number": 901,
        "sender": "ORDERS",
        "exec_id": "901",
        "kind": "cancelled",
        "cl_ord_id": order.cl_ord_id,
        "filled": 40,
        "time": 2,
    }
    desk.record += [fill, end]
    await desk.street.tell(desk.street.report(order, ExecType.CANCELED, OrdStatus.CANCELED, 40, exec_id="901"))
    await eventually(shows(ann, order_id, "cancelled"))
    balance = await desk.balance("ann")
    assert (balance["total"], balance["reserved"]) == (10_000_000 - 40 * 19_000 - 76, 0)


async def test_a_fill_that_counts_others_unseen_brings_them(desk: Desk, ann: httpx.AsyncClient) -> None:
    order_id, order = await working(desk, ann)
    unseen = {"sender": "ORDERS", "kind": "trade", "cl_ord_id": order.cl_ord_id, "last_price": 20_000, "time": 1}
    desk.record.append(unseen | {"number": 800, "exec_id": "800", "filled": 30, "last_quantity": 30})
    await desk.street.tell(desk.street.fill(order, 70, 100))
    await eventually(shows(ann, order_id, "filled"))
    assert (await desk.balance("ann", "AAPL"))["total"] == 100


async def test_a_status_that_shows_more_than_we_know_fetches_it(desk: Desk, ann: httpx.AsyncClient) -> None:
    order_id, order = await working(desk, ann)
    desk.record += [
        {
            "number": 7,
            "sender": "ORDERS",
            "exec_id": "77",
            "kind": "expired",
            "cl_ord_id": order.cl_ord_id,
            "filled": 0,
            "time": 2,
        }
    ]
    await drop(desk)
    [question] = await eventually(lambda: ask(desk))
    await desk.street.tell(desk.street.report(question, ExecType.ORDER_STATUS, OrdStatus.CANCELED, exec_id="0"))
    await eventually(shows(ann, order_id, "expired"))


async def test_a_report_is_applied_once_by_whatever_way_it_comes(desk: Desk, ann: httpx.AsyncClient) -> None:
    _, order = await working(desk, ann)
    fill = desk.street.fill(order, 10, 10)
    await desk.street.tell(fill, fill)
    await desk.street.tell(fill, desk.street.fill(order, 10, 20))

    async def booked() -> bool:
        return (await desk.balance("ann", "AAPL"))["total"] == 20

    await eventually(booked)
    assert len((await desk.state())["fills"]) == 2


async def test_a_report_for_an_unknown_order_is_kept_for_the_audit(desk: Desk, ann: httpx.AsyncClient) -> None:
    await working(desk, ann)
    stranger = NewOrderSingle(
        cl_ord_id="nobody-1", account="x", symbol="AAPL", side="1", order_qty="5", ord_type="1", transact_time=1
    )
    await desk.street.tell(desk.street.fill(stranger, 5, 5, exec_id="stray"))

    async def kept() -> bool:
        rows = (await desk.state())["unmatched_reports"]
        return [(row["report_id"], row["why"]) for row in rows] == [("stray", "unknown_order")]

    await eventually(kept)


async def test_an_order_that_no_session_takes_in_time_is_not_sent(tmp_path: Path) -> None:
    async with trading(tmp_path, {"orders.not_sent_after": "0.2"}) as desk:
        await desk.deposit("ann", 10_000_000)
        await desk.street.acceptor.__aexit__(None, None, None)

        async def down() -> bool:
            return not desk.street.endpoint.attached

        await eventually(down)
        async with desk.client("ann") as ann:
            order_id = (await ann.post("/orders", json=ticket())).json()["id"]
            await eventually(shows(ann, order_id, "rejected"))
            assert (await ann.get(f"/orders/{order_id}")).json()["reason"] == "not_sent"
            assert (await desk.balance("ann"))["reserved"] == 0
            assert desk.street.requests(NewOrderSingle) == []
            assert (await desk.state())["accounts"] == [{"account_id": "ann", "open_orders": 0}]


async def test_a_deposit_is_credited_once(desk: Desk) -> None:
    event = CashDeposited(deposit_id=new_id(), account_id="ann", asset="USD", amount=500, scale=2)
    await desk.publish(event)
    await desk.publish(event)
    await desk.publish(CashDeposited(deposit_id=new_id(), account_id="ann", asset="USD", amount=1, scale=2))

    async def both() -> bool:
        return (await desk.balance("ann"))["total"] > 500

    await eventually(both)
    assert (await desk.balance("ann"))["total"] == 501


async def test_a_lost_database_is_waited_for_by_the_gateway(
    desk: Desk, ann: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id, _ = await working(desk, ann)
    gone = OperationalError("SELECT", {}, Exception("gone"), connection_invalidated=True)
    errors: list[Exception] = [gone, gone]
    keep, oldest = session.keep, session.oldest_waiting

    async def lost_at_first(*parts: Any) -> None:
        if errors:
            raise errors.pop()
        await keep(*parts)

    async def lost_too(connection: Connection) -> int | None:
        if errors:
            raise errors.pop()
        return await oldest(connection)

    monkeypatch.setattr(session, "keep", lost_at_first)
    monkeypatch.setattr(session, "oldest_waiting", lost_too)
    assert (await ann.delete(f"/orders/{order_id}")).is_success
    await eventually(lambda: desk.street.requests(OrderCancelRequest))
    assert errors == []
