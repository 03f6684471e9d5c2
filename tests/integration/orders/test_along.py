"""An order goes to the session in the transaction that places it; where that cannot be, it lies until it can."""

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from services.contracts.errors import DomainError
from services.fix.messages import NewOrderSingle
from services.fix.session import Exchange
from services.kernel.lease import Lease, LeaseLost
from services.kernel.uow import UnitOfWork
from services.orders.api import placing
from services.orders.domain.changes import Dispatch
from services.orders.gateway.session import FixApplication
from services.orders.handlers.placing import Apart, Placed, place
from services.orders.store import dispatches
from tests.eventually import eventually
from tests.integration.orders.desk import Desk, ticket
from tests.integration.orders.test_requests import working


@pytest.fixture
def laid_down(monkeypatch: pytest.MonkeyPatch) -> list[Dispatch]:
    """Messages that lay in the table, however shortly."""
    seen: list[Dispatch] = []
    take = dispatches.take

    async def watched(uow: UnitOfWork, limit: int) -> list[Dispatch]:
        taken = await take(uow, limit)
        seen.extend(taken)
        return taken

    monkeypatch.setattr(dispatches, "take", watched)
    return seen


class Busy:
    """Holds the session while it takes in what the street said."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.over = asyncio.Event(), asyncio.Event()
        commit = FixApplication.commit

        async def slow(application: FixApplication, exchange: Exchange) -> None:
            self.begun.set()
            await self.over.wait()
            await commit(application, exchange)

        monkeypatch.setattr(FixApplication, "commit", slow)


def names(orders: Sequence[NewOrderSingle]) -> list[str]:
    return [order.order_qty for order in orders]


async def placed(trader: httpx.AsyncClient, quantity: int) -> None:
    answer = await trader.post("/orders", json=ticket(quantity=str(quantity)))
    assert answer.status_code == 201, answer.text


def asked(desk: Desk) -> list[NewOrderSingle]:
    return desk.street.requests(NewOrderSingle)


async def test_an_order_goes_with_the_transaction_that_places_it(
    desk: Desk, ann: httpx.AsyncClient, laid_down: list[Dispatch]
) -> None:
    await placed(ann, 1)
    await eventually(lambda: names(asked(desk)) == ["1"])
    assert laid_down == []


async def test_orders_that_find_the_session_busy_are_taken_and_leave_in_their_order(
    desk: Desk, ann: httpx.AsyncClient, laid_down: list[Dispatch], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, order = await working(desk, ann)
    busy = Busy(monkeypatch)
    await desk.street.tell(desk.street.fill(order, 1, 1))
    await busy.begun.wait()
    await placed(ann, 1)
    await placed(ann, 2)
    assert names(asked(desk)) == [order.order_qty]
    busy.over.set()
    await placed(ann, 3)
    await eventually(lambda: names(asked(desk)) == [order.order_qty, "1", "2", "3"])
    assert [message.terms.quantity for message in laid_down][:2] == [1, 2]


async def test_an_order_that_is_refused_leaves_the_session_as_it_was(desk: Desk, ann: httpx.AsyncClient) -> None:
    await placed(ann, 1)
    connection = desk.street.endpoint._writer
    refused = await ann.post("/orders", json=ticket(quantity="1000000"))
    assert refused.status_code == 422, refused.text
    await placed(ann, 2)
    await eventually(lambda: names(asked(desk)) == ["1", "2"])
    assert desk.street.endpoint._writer is connection


async def test_an_order_is_taken_by_who_finds_out_that_the_session_is_elsewhere(
    desk: Desk, ann: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = [LeaseLost("asleep")]
    fence = Lease.fence

    async def lost_at_first(lease: Lease, uow: UnitOfWork) -> None:
        if refusals:
            raise refusals.pop()
        await fence(lease, uow)

    monkeypatch.setattr(Lease, "fence", lost_at_first)
    await placed(ann, 1)
    assert refusals == []
    await eventually(lambda: names(asked(desk)) == ["1"])


async def test_the_same_order_again_sends_nothing(desk: Desk, ann: httpx.AsyncClient) -> None:
    body = ticket(quantity="1")
    assert [(await ann.post("/orders", json=body)).status_code for _ in range(2)] == [201, 200]
    await placed(ann, 2)
    await eventually(lambda: names(asked(desk)) == ["1", "2"])


async def test_who_is_placed_alone_is_told_when_that_fails(
    desk: Desk, ann: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[Exception] = [ConnectionError("the database is gone"), Apart()]

    async def failing(*arguments: Any) -> list[Placed | DomainError]:
        if failures:
            raise failures.pop()
        return await place(*arguments)

    monkeypatch.setattr(placing, "place", failing)
    assert (await ann.post("/orders", json=ticket(quantity="1"))).status_code >= 500
    assert failures == []
    await placed(ann, 2)
    await eventually(lambda: names(asked(desk)) == ["2"])
