"""What users read and mark as read in the app."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.contracts.events.notifications import NotificationCreated
from services.runtime.resources import Running
from tests.eventually import eventually
from tests.integration.neighbours import Neighbourhood
from tests.integration.notifications.desk import order_filled, post_office, profile, service
from tests.integration.people import client


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[tuple[Neighbourhood, Running]]:
    async with post_office(tmp_path) as (around, _), service(around) as running:
        await around.publish(profile("ann"), profile("bob"))
        yield around, running


@pytest.fixture
async def ann(desk: tuple[Neighbourhood, Running]) -> AsyncIterator[httpx.AsyncClient]:
    async with client(desk[1], "ann") as reader:
        yield reader


async def told(ann: httpx.AsyncClient, count: int) -> list[dict[str, Any]]:
    """Her notifications, once there are so many."""

    async def there() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await ann.get("/notifications")).json()["items"]
        return items if len(items) == count else []

    return await eventually(there)


async def test_a_fill_is_told_in_the_app_and_on_the_stream(
    desk: tuple[Neighbourhood, Running], ann: httpx.AsyncClient
) -> None:
    around, _ = desk
    queue = await around.stack.broker.listen([NotificationCreated])
    (cause,) = await around.publish(order_filled())
    (shown,) = await told(ann, 1)
    assert (shown["kind"], shown["title"], shown["read"]) == ("order_filled", "Buy AAPL: filled", False)
    assert shown["text"] == "Buy 10 AAPL is filled at - USD on average. Fees: 0.00 USD."
    (envelope,) = await queue.take(10) or ()
    event = envelope.event
    assert isinstance(event, NotificationCreated)
    assert (event.notification_id, event.user_id, envelope.causation) == (shown["id"], "ann", cause.id)


async def test_unread_counts_follow_what_is_read(desk: tuple[Neighbourhood, Running], ann: httpx.AsyncClient) -> None:
    around, _ = desk
    await around.publish(*(order_filled(number) for number in range(1, 4)))
    items = await told(ann, 3)
    assert (await ann.get("/notifications")).json()["unread"] == 3
    for _ in range(2):
        answer = await ann.post("/notifications/read", json={"ids": [items[0]["id"], items[1]["id"]]})
        assert (answer.status_code, answer.json()) == (200, {"unread": 1})
    assert [item["read"] for item in await told(ann, 3)] == [True, True, False]


async def test_another_users_notification_is_not_found_and_stays_unread(
    desk: tuple[Neighbourhood, Running], ann: httpx.AsyncClient
) -> None:
    around, running = desk
    await around.publish(order_filled(1), order_filled(2))
    first, second = await told(ann, 2)
    async with client(running, "bob") as bob:
        assert (await bob.get("/notifications")).json() == {"items": [], "next": None, "unread": 0}
        answer = await bob.post("/notifications/read", json={"ids": [first["id"]]})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    mixed = await ann.post("/notifications/read", json={"ids": [second["id"], "01j0000000000000000000000"]})
    assert mixed.status_code == 404
    assert (await ann.get("/notifications")).json()["unread"] == 2


async def test_notifications_are_paged_newest_first(
    desk: tuple[Neighbourhood, Running], ann: httpx.AsyncClient
) -> None:
    around, _ = desk
    await around.publish(*(order_filled(number) for number in range(1, 6)))
    newest = [item["id"] for item in await told(ann, 5)]
    seen: list[str] = []
    query = "?limit=2"
    while query:
        page = (await ann.get(f"/notifications{query}")).json()
        seen += [item["id"] for item in page["items"]]
        query = f"?limit=2&cursor={page['next']}" if page["next"] else ""
    assert seen == newest == sorted(newest, reverse=True)


REFUSED: list[tuple[object, int, str]] = [
    ({"ids": []}, 422, "invalid"),
    ({"ids": ["x" * 41]}, 422, "invalid"),
    ({"ids": ["x"] * 201}, 422, "invalid"),
    ({"ids": [1]}, 422, "invalid"),
    ({"ids": "x"}, 422, "invalid"),
    ({"ids": ["x"], "all": True}, 422, "invalid"),
    ({}, 422, "invalid"),
    ({"ids": ["\x00"]}, 404, "not_found"),
]


async def test_what_cannot_be_read_is_a_problem_with_a_code(
    desk: tuple[Neighbourhood, Running], ann: httpx.AsyncClient
) -> None:
    for body, status, code in REFUSED:
        answer = await ann.post("/notifications/read", json=body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), body
    for query in ("?cursor=nonsense", "?cursor=WzVd", "?cursor=W10"):
        assert (await ann.get(f"/notifications{query}")).json()["code"] == "bad_cursor"
    assert (await ann.get("/notifications?limit=0")).status_code == 422
    async with client(desk[1], None) as stranger:
        assert (await stranger.get("/notifications")).status_code == 401
