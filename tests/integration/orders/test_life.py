"""One order's life, from POST to the last fill."""

import httpx

from services.fix.messages import NewOrderSingle
from tests.eventually import eventually
from tests.integration.orders.desk import Desk, status_of, ticket


async def test_an_order_is_accepted_and_filled(desk: Desk, ann: httpx.AsyncClient) -> None:
    desk.street.answer = lambda order: [desk.street.accepted(order), desk.street.fill(order, 100, 100, 19_900, 1_990)]
    answer = await ann.post("/orders", json=ticket())
    assert answer.status_code == 201, answer.text
    order = answer.json()
    assert order["status"] == "pending_new"

    async def filled() -> bool:
        return await status_of(ann, order["id"]) == "filled"

    await eventually(filled)
    life = (await ann.get(f"/orders/{order['id']}")).json()
    assert [line["event"] for line in life["history"]] == ["placed", "accepted", "fill"]
    assert life["average_price"] == "199.0000"
    assert life["fills"][0]["fee"] == "19.90"
    assert await desk.balance("ann") == {
        "account_id": "ann",
        "asset": "USD",
        "total": 10_000_000 - 1_990_000 - 1_990,
        "reserved": 0,
    }
    assert (await desk.balance("ann", "AAPL"))["total"] == 100


async def test_the_broker_gets_what_was_asked(desk: Desk, ann: httpx.AsyncClient) -> None:
    await ann.post("/orders", json=ticket(type="market", limit_price=None, tif="ioc"))
    sent = await eventually(lambda: desk.street.requests(NewOrderSingle))
    assert (sent[0].account, sent[0].ord_type, sent[0].time_in_force, sent[0].order_qty) == ("ann", "1", "3", "100")
    assert sent[0].price == "220.00"
