"""What is pushed to browsers: encrypted, once, again after a failure, and nothing to one that is gone."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update

from services.contracts.events.orders import OrderCancelled
from services.kernel.database import Database
from services.kernel.uow import UnitOfWork
from services.notifications.store.tables import push_deliveries
from services.runtime.clock import WALL
from services.runtime.resources import Running
from tests import parts
from tests.breaking import broken, mend
from tests.eventually import eventually
from tests.integration.neighbours import Neighbourhood, settled
from tests.integration.notifications.browsers import (
    HURRIED,
    PATH,
    Endpoint,
    Json,
    as_browser,
    deliveries,
    push_office,
    subscribed,
)
from tests.integration.notifications.desk import order_filled, profile, registered, service
from tests.integration.people import client
from tests.integration.portfolio.desk import order

pytestmark = pytest.mark.usefixtures("mended")
Desk = tuple[Neighbourhood, Running, Endpoint]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with push_office(tmp_path) as (around, _, endpoint), service(around) as running:
        await around.publish(profile("ann"), profile("bob"))
        yield around, running, endpoint


@pytest.fixture
async def ann(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with client(desk[1], "ann") as reader:
        yield reader


async def all_are(running: Running, *statuses: str) -> list[Json]:
    """The deliveries, once they stand so."""

    async def so() -> list[Json]:
        rows = await deliveries(running)
        return rows if sorted(row["status"] for row in rows) == sorted(statuses) else []

    return await eventually(so)


async def test_each_browser_of_the_reader_is_told_in_words_that_it_alone_can_read(
    desk: Desk, ann: httpx.AsyncClient
) -> None:
    around, running, endpoint = desk
    first, second = [(await subscribed(ann, endpoint))[0] for _ in range(2)]
    async with client(running, "bob") as bob:
        await subscribed(bob, endpoint)
    await around.publish(order_filled())
    pushes = await endpoint.arrived(2)
    assert sorted(push["subscription"] for push in pushes) == [first["id"], second["id"]]
    (told,) = (await ann.get("/notifications")).json()["items"]
    for push in pushes:
        assert push["error"] is None
        shown = json.loads(push["text"])
        assert {name: shown[name] for name in ("id", "kind", "title", "text", "created_at")} == {
            name: told[name] for name in ("id", "kind", "title", "text", "created_at")
        }
        assert (push["topic"], push["ttl"], push["deliveries"]) == (told["id"], 86_400, 1)
    await all_are(running, "sent", "sent")
    assert (await running.settled())["pushes"] == 0


async def test_whatever_is_delivered_again_is_pushed_once(desk: Desk, ann: httpx.AsyncClient) -> None:
    around, running, endpoint = desk
    await subscribed(ann, endpoint)
    envelopes = await around.publish(order_filled())
    await endpoint.arrived()
    for _ in range(3):
        await around.deliver(envelopes)
    await settled(running)
    await around.publish(order_filled(2))
    await all_are(running, "sent", "sent")
    assert [push["deliveries"] for push in await endpoint.messages()] == [1, 1]


async def test_a_push_that_left_before_its_mark_was_kept_is_known_as_the_same(tmp_path: Path) -> None:
    """The service was killed between the two: the topic tells the endpoint."""
    async with push_office(tmp_path) as (around, _, endpoint):
        async with service(around) as running, client(running, "ann") as ann:
            await around.publish(profile())
            await subscribed(ann, endpoint)
            await around.publish(order_filled())
            await all_are(running, "sent")
        await unsend(tmp_path)
        async with service(around) as running:
            await all_are(running, "sent")
        assert [push["deliveries"] for push in await endpoint.messages()] == [2]


async def unsend(folder: Path, **otherwise: str) -> None:
    database = Database(parts.of(folder).database("notifications"), WALL)

    async def undo(uow: UnitOfWork) -> None:
        await uow.execute(update(push_deliveries).values(status="pending", due=0, attempts=0, **otherwise))

    await database.transact(undo)
    await database.close()


async def test_a_code_and_what_was_switched_off_are_not_pushed(desk: Desk, ann: httpx.AsyncClient) -> None:
    around, running, endpoint = desk
    await subscribed(ann, endpoint)
    await ann.put("/notifications/preferences", json={"kinds": {"order_cancelled": {"push": False}}})
    await around.publish(registered("ann"), OrderCancelled(order=order(number=2)), order_filled())
    await all_are(running, "sent")
    (push,) = await endpoint.arrived()
    assert json.loads(push["text"])["kind"] == "order_filled"


async def test_a_subscription_that_is_gone_is_forgotten_with_all_that_waits_for_it(
    desk: Desk, ann: httpx.AsyncClient
) -> None:
    around, running, endpoint = desk
    made, _ = await subscribed(ann, endpoint)
    await subscribed(ann, endpoint)
    await endpoint.rest.delete(f"/subscriptions/{made['id']}")
    await around.publish(order_filled(), order_filled(2))
    await all_are(running, "gone", "gone", "sent", "sent")
    items = (await ann.get(PATH)).json()["items"]
    assert made["endpoint"] not in {item["endpoint"] for item in items}
    assert len(items) == 1
    await around.publish(order_filled(3))
    await all_are(running, "gone", "gone", "sent", "sent", "sent")


async def test_who_unsubscribes_hears_nothing_more(tmp_path: Path) -> None:
    once_a_minute = HURRIED | {"notifications.push_backoff": "60"}
    async with (
        push_office(tmp_path, once_a_minute) as (around, _, endpoint),
        service(around) as running,
        client(running, "ann") as ann,
    ):
        await around.publish(profile())
        _, known = await subscribed(ann, endpoint)
        broken("push", "push.refuse")
        await around.publish(order_filled())

        async def tried() -> bool:
            return [row["attempts"] for row in await deliveries(running)] == [1]

        await eventually(tried)
        assert (await ann.delete(f"{PATH}/{known['id']}")).status_code == 204
        assert (await ann.delete(f"{PATH}/{known['id']}")).status_code == 404
        await all_are(running, "gone")
        mend("push")
        await around.publish(order_filled(2))
        await settled(running)
        await all_are(running, "gone")
        assert await endpoint.messages() == []


async def test_pushes_wait_while_the_endpoint_refuses_or_fails_and_come_once(tmp_path: Path) -> None:
    patient = HURRIED | {"notifications.push_attempts": "5000"}
    async with push_office(tmp_path, patient) as (around, _, endpoint), service(around) as running:
        async with client(running, "ann") as ann:
            await around.publish(profile())
            await subscribed(ann, endpoint)
            broken("push", "push.refuse")
            await around.publish(order_filled(), order_filled(2))

            async def tried() -> bool:
                rows = await deliveries(running)
                return bool(rows) and all(row["attempts"] >= 2 and row["status"] == "pending" for row in rows)

            await eventually(tried)
            assert {row["error"] for row in await deliveries(running)} == {
                'answered 503: {"detail":"turned away by a fault"}'
            }
            mend("push")
            broken("push", "push.errors", percent=70)
            await around.publish(order_filled(3))
            rows = await all_are(running, "sent", "sent", "sent")
        assert {row["error"] for row in rows} == {None}
        topics = [push["topic"] for push in await endpoint.messages()]
        assert sorted(topics) == sorted(row["notification_id"] for row in rows)


async def test_what_cannot_be_pushed_rests_in_a_list_from_which_an_operator_tries_it_again(tmp_path: Path) -> None:
    options = HURRIED | {"notifications.push_attempts": "2", "notifications.push_backoff": "0.001"}
    async with push_office(tmp_path, options) as (around, post, endpoint), service(around) as running:
        async with client(running, "ann") as ann, client(running, None) as operator:
            await around.publish(profile())
            made, _ = await subscribed(ann, endpoint)
            broken("push", "push.refuse")
            await around.publish(order_filled(), order_filled(2))
            await all_are(running, "dead", "dead")
            page = (await operator.get("/internal/pushes/dead?limit=1")).json()
            (row,) = page["items"]
            assert (row["endpoint"], row["attempts"], row["status"]) == (made["endpoint"], 2, "dead")
            further = (await operator.get(f"/internal/pushes/dead?limit=1&cursor={page['next']}")).json()
            assert further["items"][0]["notification_id"] < row["notification_id"]
            assert further["next"] is None
            assert (await ann.get("/internal/pushes/dead")).status_code == 404
            mend("push")
            only = {"ids": [row["notification_id"]]}
            assert (await operator.post("/internal/pushes/dead/replay", json=only)).json() == {"replayed": 1}
            await all_are(running, "dead", "sent")
        assert len(await post.arrived("ann@example.org", 2)) == 2


async def test_a_push_service_that_is_not_known_any_more_is_never_asked(tmp_path: Path) -> None:
    async with push_office(tmp_path) as (around, _, endpoint):
        async with service(around) as running, client(running, "ann") as ann:
            await around.publish(profile())
            await subscribed(ann, endpoint)
            await around.publish(order_filled())
            await all_are(running, "sent")
        await unsend(tmp_path, endpoint="https://push.example.org/push/x")
        async with service(around) as running:
            (row,) = await all_are(running, "dead")
    assert row["error"] == "the endpoint is none of a known push service"


async def test_an_endpoint_that_is_away_holds_no_mail_up(tmp_path: Path) -> None:
    async with (
        push_office(tmp_path) as (around, post, endpoint),
        service(around) as running,
        client(running, "ann") as ann,
    ):
        await around.publish(profile())
        await subscribed(ann, endpoint)
        broken("push", "push.latency", ms=60_000)
        await around.publish(order_filled())
        assert len(await post.arrived("ann@example.org")) == 1
        assert [row["status"] for row in await deliveries(running)] == ["pending"]


async def test_the_key_is_the_same_for_everybody_and_after_a_restart(tmp_path: Path) -> None:
    keys = []
    async with push_office(tmp_path) as (around, _, _):
        for user in ("ann", "bob"):
            async with service(around) as running, client(running, user) as reader:
                keys += [(await reader.get("/notifications/push-key")).json()["public_key"] for _ in range(2)]
                async with client(running, None) as operator:
                    state = (await operator.get("/internal/state?limit=20000")).text
                assert "private_key" not in state
    assert len(set(keys)) == 1


async def test_the_same_endpoint_again_is_the_same_subscription_with_new_keys(
    desk: Desk, ann: httpx.AsyncClient
) -> None:
    around, running, endpoint = desk
    made, known = await subscribed(ann, endpoint)
    other = await endpoint.subscribe()
    again = await ann.post(PATH, json=as_browser(made | {"keys": other["keys"]}))
    assert (again.status_code, again.json()) == (201, known)
    assert (await ann.post(PATH, json=as_browser(made))).json() == known
    await around.publish(order_filled())
    (push,) = await endpoint.arrived()
    assert push["error"] is None
    async with client(running, None) as operator:
        assert (await operator.get("/internal/state?limit=20000")).json()["unsound"] == []


async def test_subscriptions_are_their_users_own_paged_and_few(tmp_path: Path) -> None:
    options = HURRIED | {"notifications.max_push_subscriptions": "3"}
    async with (
        push_office(tmp_path, options) as (around, _, endpoint),
        service(around) as running,
        client(running, "ann") as ann,
        client(running, "bob") as bob,
    ):
        known = [(await subscribed(ann, endpoint))[1] for _ in range(3)]
        refused = await ann.post(PATH, json=as_browser(await endpoint.subscribe()))
        assert (refused.status_code, refused.json()["code"]) == (422, "too_many_subscriptions")
        page = (await ann.get(f"{PATH}?limit=2")).json()
        further = (await ann.get(f"{PATH}?limit=2&cursor={page['next']}")).json()
        assert [*page["items"], *further["items"]] == known[::-1]
        assert further["next"] is None
        assert (await bob.get(PATH)).json() == {"items": [], "next": None}
        assert (await bob.delete(f"{PATH}/{known[0]['id']}")).status_code == 404
        assert (await ann.delete(f"{PATH}/{known[0]['id']}")).status_code == 204
        await subscribed(ann, endpoint)
        assert set(known[1]) == {"id", "endpoint", "created_at"}


GOOD = {
    "endpoint": "https://push.sandbox/push/token",
    "keys": {
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    },
}
ELSEWHERE = (
    "http://push.sandbox/push/token",
    "https://127.0.0.1/push/token",
    "https://push.sandbox@evil.example/push/token",
    "https://evil.example/push.sandbox",
)
REFUSED: list[tuple[object, str]] = [
    *((GOOD | {"endpoint": endpoint}, "endpoint_not_allowed") for endpoint in ELSEWHERE),
    (GOOD | {"endpoint": f"https://push.sandbox/{'x' * 500}"}, "invalid"),
    (GOOD | {"keys": {"p256dh": "AAAA", "auth": "BTBZMqHH6r4Tts7J_aSIgg"}}, "invalid_key"),
    (GOOD | {"keys": GOOD["keys"] | {"auth": "AAAA"}}, "invalid_key"),  # type: ignore[operator]
    (GOOD | {"keys": {"auth": "BTBZMqHH6r4Tts7J_aSIgg"}}, "invalid"),
    (GOOD | {"more": 1}, "invalid"),
    ({}, "invalid"),
]


async def test_what_cannot_be_subscribed_is_a_problem_with_a_code(desk: Desk, ann: httpx.AsyncClient) -> None:
    for body, code in REFUSED:
        answer = await ann.post(PATH, json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, code), body
    assert (await ann.get(PATH)).json()["items"] == []
    async with client(desk[1], None) as stranger:
        for path in (PATH, "/notifications/push-key"):
            assert (await stranger.get(path)).status_code == 401
