"""Portfolio and orders together: what is withdrawn leaves both ledgers once, and never more than is free."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.contracts.ids import new_id
from tests.eventually import eventually
from tests.integration.neighbours import ready, settled
from tests.integration.orders.desk import Desk, ticket, trading


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Orders with a silent street, and the portfolio beside it."""
    async with trading(tmp_path) as opened:
        opened.stack.urls["orders"] = "asgi://orders"
        async with opened.stack.part("portfolio") as running:
            await ready(running)
            yield opened


@pytest.fixture
async def ann(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """Her portfolio, with 1,000.00 USD in both ledgers."""
    async with desk.client("ann", "portfolio") as client:
        made = await post(client, "deposits", "1000.00")
        await eventually(lambda: stands(client, "deposits", made["id"], "credited"))
        yield client


async def post(client: httpx.AsyncClient, what: str, amount: str) -> dict[str, Any]:
    body, key = {"asset": "USD", "amount": amount}, {"Idempotency-Key": new_id()}
    answer = await client.post(f"/portfolio/{what}", json=body, headers=key)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def stands(client: httpx.AsyncClient, what: str, made: str, *statuses: str) -> bool:
    return (await client.get(f"/portfolio/{what}/{made}")).json()["status"] in statuses


async def cash(client: httpx.AsyncClient) -> tuple[str, str]:
    (row,) = (await client.get("/portfolio")).json()["cash"]
    return row["total"], row["free"]


async def still(desk: Desk) -> None:
    """Until both ledgers have heard all that the other has said."""
    for _ in range(2):
        for name in ("portfolio", "orders"):
            await settled(desk.stack.running[name])


async def test_a_withdrawal_leaves_both_ledgers(desk: Desk, ann: httpx.AsyncClient) -> None:
    made = await post(ann, "withdrawals", "400.00")
    await eventually(lambda: stands(ann, "withdrawals", made["id"], "settled"))
    await still(desk)
    assert await cash(ann) == ("600.00", "600.00")
    balance = await desk.balance("ann")
    assert (balance["total"], balance["reserved"]) == (60_000, 0)


async def test_what_an_order_reserves_is_not_free_to_be_withdrawn(desk: Desk, ann: httpx.AsyncClient) -> None:
    async with desk.client("ann") as trader:
        order = ticket(quantity="4", limit_price="200.00")
        assert (await trader.post("/orders", json=order)).status_code == 201
        made = await post(ann, "withdrawals", "200.00")
        await eventually(lambda: stands(ann, "withdrawals", made["id"], "declined"))
        made = await post(ann, "withdrawals", "199.20")
        await eventually(lambda: stands(ann, "withdrawals", made["id"], "settled"))
        again = await trader.post("/orders", json=ticket(quantity="1"))
        assert (again.status_code, again.json()["code"]) == (422, "insufficient_cash")


async def test_of_many_at_once_only_as_many_are_paid_as_there_is_money_for(desk: Desk, ann: httpx.AsyncClient) -> None:
    made = await asyncio.gather(*(post(ann, "withdrawals", "300.00") for _ in range(8)))

    async def answered() -> list[str]:
        rows = (await ann.get("/portfolio/withdrawals")).json()["items"]
        found = [row["status"] for row in rows if row["status"] != "requested"]
        return found if len(found) == len(made) else []

    assert sorted(await eventually(answered)) == ["declined"] * 5 + ["settled"] * 3
    await still(desk)
    assert await cash(ann) == ("100.00", "100.00")
    balance = await desk.balance("ann")
    assert (balance["total"], balance["reserved"]) == (10_000, 0)
