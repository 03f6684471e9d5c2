"""Two instances of orders: both take orders, one has the FIX session, and the other has it seconds after that."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.fix.message import Body
from services.fix.messages import NewOrderSingle
from services.runtime import local
from tests.eventually import eventually
from tests.integration.bff.stack import Stack
from tests.integration.orders.desk import Office, peers, record_of, status_of, ticket
from tests.integration.orders.street import Answer, Street
from tests.integration.processes import Instance, instance, served

pytestmark = pytest.mark.containers("two instances of a service need a broker between processes")
BOTH = ("orders", "orders@2")


class Pair(Office):
    """Orders twice, in processes of their own, with a street that fills all that it is asked for."""

    def __init__(self, stack: Stack, street: Street, first: Instance, second: Instance) -> None:
        super().__init__(stack)
        self.street = street
        self.first = first
        self.second = second

    def sent(self) -> Counter[str]:
        """How often each order was asked for."""
        return Counter(order.cl_ord_id for order in self.street.requests(NewOrderSingle))


def filling(street: Street) -> Answer:
    """Every order is filled at once; questions wait for ever."""

    def answer(request: Any) -> Sequence[Body]:
        new = isinstance(request, NewOrderSingle)
        return [street.accepted(request), street.fill(request, 100, 100)] if new else []

    return answer


@asynccontextmanager
async def pair_on(folder: Path) -> AsyncIterator[Pair]:
    """The first is ready, and so has the session, before the second begins."""
    street, stack = Street(), Stack(folder, (), {})
    street.answer = filling(street)
    peers()
    async with AsyncExitStack() as exits:
        exits.callback(local.clear)
        exits.push_async_callback(stack.cache.close)
        exits.push_async_callback(stack.broker.close)
        await exits.enter_async_context(street.acceptor)
        urls = {**stack.urls, "database": stack.parts.database("orders")}
        urls["broker.fix"] = f"tcp://127.0.0.1:{street.acceptor.port}"
        urls["broker.http"] = await exits.enter_async_context(record_of([]))
        for peer in ("auth", "market_data"):
            urls[peer] = await exits.enter_async_context(served(local.find(f"asgi://{peer}")))  # type: ignore[arg-type]
        both = [await exits.enter_async_context(instance("orders", folder, urls)) for _ in BOTH]
        pair = Pair(stack, street, *both)
        for name, each in zip(BOTH, both, strict=True):
            stack.ports[name] = int(each.url.rpartition(":")[2])
        await pair.deposit("ann", 10**10)
        yield pair


async def place(client: httpx.AsyncClient, number: int) -> str:
    answer = await client.post("/orders", json=ticket(client_order_id=f"c{number}"))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def filled(client: httpx.AsyncClient, *order_ids: str, timeout: float = 5) -> None:
    async def all_of_them() -> bool:
        return {await status_of(client, order_id) for order_id in order_ids} == {"filled"}

    await eventually(all_of_them, timeout=timeout, every=0.05)


async def test_orders_at_either_reach_the_broker_once_and_at_once(tmp_path: Path) -> None:
    async with pair_on(tmp_path) as pair, pair.client("ann") as one, pair.client("ann", BOTH[1]) as other:
        began = asyncio.get_running_loop().time()
        placed = [await place((one, other)[number % 2], number) for number in range(20)]
        await filled(other, *placed)
        assert asyncio.get_running_loop().time() - began < 4, "the bell was heard: nobody waited for the patrol"
        await filled(one, *placed)
        assert set(pair.sent().values()) == {1}
        assert (await pair.balance("ann", "AAPL"))["total"] == 20 * 100


@pytest.mark.parametrize("end", ["kill", "stop"])
async def test_the_second_takes_over_within_seconds(tmp_path: Path, end: str) -> None:
    async with pair_on(tmp_path) as pair, pair.client("ann") as one, pair.client("ann", BOTH[1]) as other:
        placed = [await place((one, other)[number % 2], number) for number in range(10)]
        await getattr(pair.first, end)()
        pair.stack.ports["orders"] = pair.stack.ports[BOTH[1]]
        placed += [await place(other, number) for number in range(10, 20)]
        await filled(other, *placed, timeout=5)
        assert set(pair.sent().values()) == {1}
        assert (await pair.balance("ann", "AAPL"))["total"] == 20 * 100
        await eventually(pair.second.ready)


async def test_a_paused_holder_loses_the_session_and_spoils_nothing_when_it_wakes(tmp_path: Path) -> None:
    async with pair_on(tmp_path) as pair, pair.client("ann") as one, pair.client("ann", BOTH[1]) as other:
        placed = [await place(one, number) for number in range(5)]
        await filled(other, *placed)
        pair.first.pause()
        pair.stack.ports["orders"] = pair.stack.ports[BOTH[1]]
        placed += [await place(other, number) for number in range(5, 10)]
        await filled(other, *placed, timeout=30)
        pair.first.go_on()
        placed += [await place((one, other)[number % 2], number) for number in range(10, 20)]
        await filled(one, *placed)
        assert set(pair.sent().values()) == {1}
        assert (await pair.balance("ann", "AAPL"))["total"] == 20 * 100
        await eventually(pair.first.ready)
