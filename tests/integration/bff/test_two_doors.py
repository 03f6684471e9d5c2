"""Two BFFs: whichever a client comes by, it sees the same, and its limits hold for both together."""

import time
from collections.abc import AsyncIterator

import httpx
import pytest

from services.contracts.events.orders import OrderAccepted
from tests.integration.bff.peers import TestPeer
from tests.integration.bff.stack import Stack, bearer
from tests.integration.bff.test_private_streams import followed, order, publish
from tests.integration.bff.wire import API, entered

pytestmark = pytest.mark.containers("two BFFs need a broker and a cache between processes")
DOORS = ("bff", "bff@2")


@pytest.fixture
def options() -> dict[str, str]:
    return {"bff.log_ins_per_minute": "10"}


@pytest.fixture
async def both(running: Stack) -> AsyncIterator[Stack]:
    async with running.part("bff", "bff@2"):
        yield running


async def test_an_event_reaches_its_owner_at_both_and_a_session_ends_at_both(
    both: Stack, client: httpx.AsyncClient, ann: dict[str, str]
) -> None:
    TestPeer("orders")
    user = (await client.get(f"{API}/me", headers=bearer(ann))).json()["id"]
    async with entered(both, ann, door=DOORS[0]) as one, entered(both, ann, door=DOORS[1]) as other:
        for each in (one, other):
            await followed(each, "orders")
        await publish(both, OrderAccepted(order=order(user)))
        for each in (one, other):
            assert (await each.of("orders"))["data"]["event"] == "order_accepted"
        await client.post(f"{API}/auth/logout", headers=bearer(ann))
        assert [await each.closed() for each in (one, other)] == [4401, 4401]


async def test_a_limit_holds_for_both_together(both: Stack, ann: dict[str, str]) -> None:
    statuses: list[int] = []
    began = time.time() // 60
    for number in range(40):
        url = f"{both.url(DOORS[number % 2])}{API}/auth/login"
        async with httpx.AsyncClient(trust_env=False) as client:
            body = {"email": "nobody@example.org", "password": "wrong"}
            statuses.append((await client.post(url, json=body)).status_code)
    minutes = time.time() // 60 - began + 1
    assert set(statuses) == {401, 429}
    assert statuses.count(401) <= 10 * minutes
