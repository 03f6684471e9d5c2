"""Answers to a change of an order, and what the link tells meanwhile."""

from typing import Any

from tests.unit.tradectl.desk.wires import desk, order, raw, wire
from tradectl.desk.desk import Desk

ASKED = order("o1", status="pending_replace")
REPLACED = {"event": "order_replaced", "order": order("o1", status="new", limit_price="200.10"), "fill": None}


async def with_an_order(answers: dict[str, Any]) -> Desk:
    answering = wire()
    answering.answers |= answers
    opened = await desk(answering)
    opened.state.apply("orders", whole=True, data=raw({"items": [order("o1")], "next": None}))
    return opened


async def test_a_request_that_is_under_way_is_seen_by_its_answer() -> None:
    opened = await with_an_order({"PATCH /orders/o1": ASKED, "DELETE /orders/o1": order("o1", status="pending_cancel")})
    await opened.replace("o1", {"limit_price": "200.10"})
    assert opened.state.orders["o1"].status == "pending_replace"
    await opened.cancel("o1")
    assert opened.state.orders["o1"].status == "pending_cancel"


async def test_what_the_link_tells_before_the_answer_is_read_stays_though_market_time_has_not_gone_on() -> None:
    def answered_late(_: Any) -> dict[str, Any]:
        opened.state.apply("orders", whole=False, data=raw(REPLACED))
        return ASKED

    opened = await with_an_order({"PATCH /orders/o1": answered_late})
    await opened.replace("o1", {"limit_price": "200.10"})
    assert str(opened.state.orders["o1"].limit_price) == "200.10"
