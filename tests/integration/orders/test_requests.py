"""Cancelling and replacing, with the fills that cross them."""

from collections.abc import Awaitable, Callable

import httpx

from services.fix.messages import (
    CxlRejReason,
    CxlRejResponseTo,
    ExecType,
    NewOrderSingle,
    OrderCancelReject,
    OrderCancelReplaceRequest,
    OrderCancelRequest,
    OrdStatus,
)
from tests.eventually import eventually
from tests.integration.orders.desk import Desk, status_of, ticket


def shows(client: httpx.AsyncClient, order_id: str, status: str) -> Callable[[], Awaitable[bool]]:
    async def probe() -> bool:
        return await status_of(client, order_id) == status

    return probe


async def working(desk: Desk, client: httpx.AsyncClient) -> tuple[str, NewOrderSingle]:
    """An order that the street has accepted."""
    desk.street.answer = lambda asked: [desk.street.accepted(asked)] if isinstance(asked, NewOrderSingle) else []
    order_id = (await client.post("/orders", json=ticket())).json()["id"]
    await eventually(shows(client, order_id, "new"))
    order: NewOrderSingle = desk.street.requests(NewOrderSingle)[-1]
    return order_id, order


def too_late(request: OrderCancelRequest | OrderCancelReplaceRequest, to: CxlRejResponseTo) -> OrderCancelReject:
    return OrderCancelReject(
        order_id="v1",
        cl_ord_id=request.cl_ord_id,
        orig_cl_ord_id=request.orig_cl_ord_id,
        ord_status=OrdStatus.FILLED,
        cxl_rej_response_to=to,
        cxl_rej_reason=CxlRejReason.TOO_LATE_TO_CANCEL,
        text="too_late",
    )


async def test_a_cancel_ends_the_order_and_releases_its_money(desk: Desk, ann: httpx.AsyncClient) -> None:
    order_id, order = await working(desk, ann)
    assert (await ann.delete(f"/orders/{order_id}")).json()["status"] == "pending_cancel"
    assert (await ann.delete(f"/orders/{order_id}")).json()["status"] == "pending_cancel"
    [cancel] = await eventually(lambda: desk.street.requests(OrderCancelRequest))
    assert cancel.orig_cl_ord_id == order.cl_ord_id
    ended = desk.street.report(cancel, ExecType.CANCELED, OrdStatus.CANCELED, orig_cl_ord_id=order.cl_ord_id)
    await desk.street.tell(ended)
    await eventually(shows(ann, order_id, "cancelled"))
    assert (await desk.balance("ann"))["reserved"] == 0
    assert (await ann.delete(f"/orders/{order_id}")).status_code == 200
    assert len(desk.street.requests(OrderCancelRequest)) == 1
    refused = await ann.patch(f"/orders/{order_id}", json={"quantity": "10"})
    assert (refused.status_code, refused.json()["code"]) == (409, "order_final")


async def test_a_fill_crosses_a_cancel(desk: Desk, ann: httpx.AsyncClient) -> None:
    order_id, order = await working(desk, ann)
    await ann.delete(f"/orders/{order_id}")
    [cancel] = await eventually(lambda: desk.street.requests(OrderCancelRequest))
    await desk.street.tell(
        desk.street.fill(order, 100, 100, fee=2_000), too_late(cancel, CxlRejResponseTo.ORDER_CANCEL_REQUEST).body()
    )
    await eventually(shows(ann, order_id, "filled"))

    async def told() -> bool:
        history = (await ann.get(f"/orders/{order_id}")).json()["history"]
        return "cancel_rejected" in [line["event"] for line in history]

    await eventually(told)
    assert (await desk.balance("ann"))["total"] == 10_000_000 - 2_000_000 - 2_000


async def test_a_fill_after_the_end_is_booked_all_the_same(desk: Desk, ann: httpx.AsyncClient) -> None:
    order_id, order = await working(desk, ann)
    await ann.delete(f"/orders/{order_id}")
    [cancel] = await eventually(lambda: desk.street.requests(OrderCancelRequest))
    await desk.street.tell(desk.street.report(cancel, ExecType.CANCELED, OrdStatus.CANCELED))
    await eventually(shows(ann, order_id, "cancelled"))
    await desk.street.tell(desk.street.fill(order, 10, 10))

    async def booked() -> bool:
        return (await desk.balance("ann", "AAPL"))["total"] == 10

    await eventually(booked)
    assert await status_of(ann, order_id) == "cancelled"
    assert (await desk.balance("ann"))["reserved"] == 0


async def test_a_replace_reserves_more_at_once_and_releases_on_its_answer(desk: Desk, ann: httpx.AsyncClient) -> None:
    order_id, order = await working(desk, ann)
    asked = await ann.patch(f"/orders/{order_id}", json={"quantity": "200"})
    assert asked.json()["status"] == "pending_replace"
    assert asked.json()["quantity"] == "100"
    assert (await desk.balance("ann"))["reserved"] == 4_000_000 + 4_000
    [request] = await eventually(lambda: desk.street.requests(OrderCancelReplaceRequest))
    assert (request.order_qty, request.price, request.orig_cl_ord_id) == ("200", "200.00", order.cl_ord_id)
    refusal = too_late(request, CxlRejResponseTo.ORDER_CANCEL_REPLACE_REQUEST)
    await desk.street.tell(refusal.body())
    await eventually(shows(ann, order_id, "new"))
    assert (await desk.balance("ann"))["reserved"] == 2_000_000 + 2_000


async def test_a_fill_crosses_a_replace(desk: Desk, ann: httpx.AsyncClient) -> None:
    order_id, order = await working(desk, ann)
    await ann.patch(f"/orders/{order_id}", json={"quantity": "70", "limit_price": "190.00"})
    [request] = await eventually(lambda: desk.street.requests(OrderCancelReplaceRequest))
    await desk.street.tell(
        desk.street.fill(order, 60, 60, fee=1_200),
        desk.street.report(request, ExecType.REPLACED, OrdStatus.PARTIALLY_FILLED, 60),
    )
    await eventually(shows(ann, order_id, "partially_filled"))
    life = (await ann.get(f"/orders/{order_id}")).json()
    assert (life["quantity"], life["limit_price"], life["filled_quantity"]) == ("70", "190.00", "60")
    assert (await desk.balance("ann"))["reserved"] == 10 * 19_000 + 190


async def test_a_cancel_during_a_replace_leaves_after_its_answer(desk: Desk, ann: httpx.AsyncClient) -> None:
    order_id, _ = await working(desk, ann)
    await ann.patch(f"/orders/{order_id}", json={"quantity": "70"})
    [request] = await eventually(lambda: desk.street.requests(OrderCancelReplaceRequest))
    assert (await ann.delete(f"/orders/{order_id}")).json()["status"] == "pending_cancel"
    pending = await ann.patch(f"/orders/{order_id}", json={"quantity": "60"})
    assert (pending.status_code, pending.json()["code"]) == (409, "request_pending")
    await desk.street.tell(desk.street.report(request, ExecType.REPLACED, OrdStatus.NEW))
    [cancel] = await eventually(lambda: desk.street.requests(OrderCancelRequest))
    assert cancel.orig_cl_ord_id == request.cl_ord_id


async def test_a_replace_is_checked_as_a_new_order_is(desk: Desk, ann: httpx.AsyncClient) -> None:
    order_id, order = await working(desk, ann)
    await desk.street.tell(desk.street.fill(order, 60, 60))
    await eventually(shows(ann, order_id, "partially_filled"))
    bodies = [{"limit_price": "300"}, {"stop_price": "190"}, {"quantity": "60"}, {"quantity": "900"}, {"colour": "red"}]
    codes = [(await ann.patch(f"/orders/{order_id}", json=body)).json()["code"] for body in bodies]
    assert codes == ["outside_band", "price_not_allowed", "invalid_quantity", "insufficient_cash", "invalid"]
    same = await ann.patch(f"/orders/{order_id}", json={"quantity": "100"})
    assert (same.status_code, same.json()["status"]) == (200, "partially_filled")


async def test_all_orders_of_a_symbol_are_cancelled_at_once(desk: Desk, ann: httpx.AsyncClient) -> None:
    for _ in range(3):
        await working(desk, ann)
    assert (await ann.delete("/orders?symbol=MSFT")).json()["items"] == []
    asked = (await ann.delete("/orders?symbol=AAPL")).json()["items"]
    assert [order["status"] for order in asked] == ["pending_cancel"] * 3

    async def all_asked() -> bool:
        return len(desk.street.requests(OrderCancelRequest)) == 3

    await eventually(all_asked)


async def test_orders_are_listed_newest_first_page_by_page(desk: Desk, ann: httpx.AsyncClient) -> None:
    placed = [(await working(desk, ann))[0] for _ in range(3)]
    first = (await ann.get("/orders", params={"limit": 2})).json()
    assert [order["id"] for order in first["items"]] == placed[:0:-1]
    rest = (await ann.get("/orders", params={"limit": 2, "cursor": first["next"]})).json()
    assert ([order["id"] for order in rest["items"]], rest["next"]) == (placed[:1], None)
    assert (await ann.get("/orders", params={"status": "filled"})).json()["items"] == []
    assert len((await ann.get("/orders", params={"status": ["new", "filled"], "symbol": "AAPL"})).json()["items"]) == 3
    assert (await ann.get("/orders", params={"from": "2100-01-01T00:00:00Z"})).json()["items"] == []
    assert (await ann.get("/orders", params={"to": "yesterday"})).json()["field"] == "to"
    assert (await ann.get("/orders", params={"cursor": "x"})).json()["code"] == "bad_cursor"
