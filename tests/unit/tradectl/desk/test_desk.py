import asyncio
from decimal import Decimal
from typing import Any

import pytest

from tests.eventually import eventually
from tests.unit.tradectl.desk.wires import desk, order, portfolio, raw, refusing, wire
from tradectl.desk import desk as desks
from tradectl.desk.failures import Refused

TICKET = {"symbol": "AAPL", "side": "buy", "type": "market", "quantity": "10"}


async def test_it_opens_with_the_first_symbol_that_is_watched() -> None:
    made = await desk()
    assert made.state.symbol == "AAPL"
    assert set(made.state.instruments) == {"AAPL", "BTCUSDT", "IBM"}
    made.look_at("NOSUCH")
    assert made.state.symbol == "AAPL"


async def test_who_watches_nothing_sees_every_instrument() -> None:
    answering = wire()
    answering.answers["GET /me/watchlist"] = {"symbols": [], "updated_at": None}
    assert (await desk(answering)).state.watchlist == ["AAPL", "BTCUSDT", "IBM"]


async def test_an_order_whose_answer_was_lost_is_sent_again_under_the_same_id() -> None:
    answering = wire()
    answers = iter([refusing(504, "outcome_unknown"), order("o1", status="pending_new")])
    answering.answers["POST /orders"] = lambda _: next(answers)
    placed = await (await desk(answering)).place(TICKET)
    bodies = [body for asked, body, _ in answering.asked if asked == "POST /orders"]
    assert placed.id == "o1"
    assert len(bodies) == 2
    assert bodies[0] == bodies[1]


async def test_a_refused_order_is_not_sent_again() -> None:
    answering = wire()
    answering.answers["POST /orders"] = refusing(422, "insufficient_cash", "quantity")
    with pytest.raises(Refused, match="insufficient_cash"):
        await (await desk(answering)).place(TICKET)
    assert [asked for asked, _, _ in answering.asked].count("POST /orders") == 1


async def test_what_the_link_tells_during_a_request_is_later_than_its_answer() -> None:
    answering = wire()
    made = await desk(answering)
    ended = {"event": "order_cancelled", "order": order("o1", status="cancelled")}

    def cancel(_: object) -> dict[str, Any]:
        made.state.apply("orders", whole=False, data=raw(ended))
        return order("o1", status="pending_cancel")

    answering.answers["DELETE /orders/o1"] = cancel
    await made.cancel("o1")
    assert made.state.orders["o1"].status == "cancelled"


async def test_an_alert_is_made_once_and_listed() -> None:
    answering = wire()
    alert: dict[str, Any] = {
        "id": "a1",
        "symbol": "AAPL",
        "condition": "price_above",
        "threshold": "210.00",
        "repeat": "once",
    }
    alert |= {"status": "armed", "fires": 0, "triggered_at": None, "created_at": "2024-08-08T07:10:00Z"}
    answering.answers |= {"POST /alerts": alert, "GET /alerts": {"items": [alert]}}
    made = await desk(answering)
    await made.alert("AAPL", "price_above", Decimal(210))
    assert [each.threshold for each in made.state.alerts] == [Decimal("210.00")]
    _, body, headers = next(asked for asked in answering.asked if asked[0] == "POST /alerts")
    assert body == {"symbol": "AAPL", "condition": "price_above", "threshold": "210", "repeat": "once"}
    assert headers["Idempotency-Key"]


async def test_what_a_booking_changed_is_asked_for_once_for_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "TOGETHER", 0.01)
    answering = wire()
    answering.answers["GET /portfolio"] = portfolio("5.00")
    made = await desk(answering)
    task = asyncio.create_task(made.run())
    await eventually(lambda: answering.sockets and len(answering.sockets[0].said) == 2)

    def event(seq: int) -> dict[str, Any]:
        data = {"event": "order_accepted", "order": order(f"o{seq}"), "fill": None}
        return {"channel": "orders", "type": "delta", "seq": seq, "prev_seq": seq - 1, "data": data}

    snapshot = {"channel": "orders", "type": "snapshot", "seq": 0, "prev_seq": None, "data": {"items": []}}
    answering.sockets[0].tell(snapshot, event(1), event(2), event(3))
    await eventually(lambda: made.state.portfolio.cash[0].free == Decimal("5.00"))
    assert [asked for asked, _, _ in answering.asked].count("GET /portfolio") == 1
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
