"""The push endpoint on a real socket: subscriptions, pushes in, what was said out."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.sim.outside import outside

Json = dict[str, Any]
HEADERS = {"TTL": "60", "Content-Encoding": "aes128gcm"}


@dataclass
class Endpoint:
    rest: httpx.AsyncClient

    async def subscribe(self, **wanted: str) -> Json:
        answer = await self.rest.post("/subscriptions", json=wanted)
        assert answer.status_code == 201, answer.text
        made: Json = answer.json()
        return made

    async def push(self, made: Json, body: bytes = b"x", **headers: str) -> httpx.Response:
        path = httpx.URL(made["endpoint"]).path
        return await self.rest.post(path, content=body, headers=HEADERS | headers)

    async def messages(self, **query: int) -> list[Json]:
        answer = await self.rest.get("/messages", params=query)
        assert answer.status_code == 200, answer.text
        items: list[Json] = answer.json()["items"]
        return items


@asynccontextmanager
async def endpoint(state: Path) -> AsyncIterator[Endpoint]:
    async with outside(state, "push") as ports:
        url = f"http://127.0.0.1:{ports['push.http']}"
        async with httpx.AsyncClient(base_url=url, trust_env=False) as rest:
            yield Endpoint(rest)


@pytest.fixture
async def pushes(tmp_path: Path) -> AsyncIterator[Endpoint]:
    async with endpoint(tmp_path) as opened:
        yield opened


async def test_a_push_is_kept_and_shown_with_why_it_cannot_be_read(pushes: Endpoint) -> None:
    made = await pushes.subscribe(label="phone")
    answer = await pushes.push(made, b"no secret", Topic="t-1", Urgency="high")
    assert answer.status_code == 201
    (seen,) = await pushes.messages()
    assert answer.headers["location"] == f"/messages/{seen['id']}"
    assert (seen["topic"], seen["urgency"], seen["ttl"], seen["deliveries"]) == ("t-1", "high", 60, 1)
    assert (seen["text"], seen["endpoint"]) == (None, made["endpoint"])
    assert "names no key" in seen["error"]
    assert (await pushes.rest.get(f"/messages/{seen['id']}")).json() == seen
    assert (await pushes.rest.get("/messages/99")).status_code == 404


async def test_a_topic_is_counted_by_subscription_and_what_has_none_is_not(pushes: Endpoint) -> None:
    first, second = [await pushes.subscribe() for _ in range(2)]
    for made in (first, second, first):
        assert (await pushes.push(made, Topic="t")).status_code == 201
    for _ in range(2):
        assert (await pushes.push(first)).status_code == 201
    assert [seen["deliveries"] for seen in await pushes.messages(subscription=first["id"])] == [2, 1, 1]
    assert [seen["deliveries"] for seen in await pushes.messages(subscription=second["id"])] == [1]


async def test_pushes_and_subscriptions_survive_a_restart(tmp_path: Path) -> None:
    async with endpoint(tmp_path) as before:
        made = await before.subscribe()
        await before.push(made)
    async with endpoint(tmp_path) as again:
        assert (await again.rest.get("/subscriptions")).json()["items"] == [made]
        assert (await again.push(made)).status_code == 201
        first, second = await again.messages()
        assert await again.messages(since=first["id"]) == [second]


async def test_who_has_ended_a_subscription_hears_nothing_more(pushes: Endpoint) -> None:
    made = await pushes.subscribe()
    assert (await pushes.rest.delete(f"/subscriptions/{made['id']}")).status_code == 204
    assert (await pushes.push(made)).status_code == 410
    assert (await pushes.push(made | {"endpoint": "https://push.sandbox/push/nobody"})).status_code == 404
    (ended,) = (await pushes.rest.get("/subscriptions")).json()["items"]
    assert ended["gone_at"] is not None
    assert (await pushes.rest.delete("/subscriptions/99")).status_code == 404
    assert await pushes.messages() == []


WRONG: list[tuple[dict[str, str], bytes, int]] = [
    ({"TTL": ""}, b"x", 400),
    ({"TTL": "-1"}, b"x", 400),
    ({"TTL": str(2**31)}, b"x", 400),
    ({"Topic": "a b"}, b"x", 400),
    ({"Topic": "t" * 33}, b"x", 400),
    ({"Urgency": "at once"}, b"x", 400),
    ({"Content-Encoding": "aesgcm"}, b"x", 415),
    ({}, secrets.token_bytes(4_097), 413),
]


async def test_what_the_rfc_forbids_is_refused_and_not_kept(pushes: Endpoint) -> None:
    made = await pushes.subscribe()
    for headers, body, status in WRONG:
        answer = await pushes.push(made, body, **headers)
        assert answer.status_code == status, (headers, answer.text)
    assert (await pushes.push(made, secrets.token_bytes(4_096))).status_code == 201
    assert len(await pushes.messages()) == 1


async def test_a_subscription_for_a_key_takes_pushes_from_nobody_else(pushes: Endpoint) -> None:
    key = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"
    made = await pushes.subscribe(application_server_key=key)
    assert made["application_server_key"] == key
    assert (await pushes.push(made)).status_code == 401
    assert (await pushes.push(made, Authorization=f"vapid t=a.b.c, k={key}")).status_code == 403
    refused = await pushes.rest.post("/subscriptions", json={"application_server_key": "AAAA"})
    assert refused.status_code == 422


async def test_everything_can_be_forgotten_but_subscriptions(pushes: Endpoint) -> None:
    made = await pushes.subscribe()
    await pushes.push(made)
    assert (await pushes.rest.delete("/messages")).status_code == 204
    assert await pushes.messages() == []
    assert (await pushes.push(made)).status_code == 201
