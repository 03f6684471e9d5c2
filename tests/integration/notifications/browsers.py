"""The push endpoint on its socket, and browsers that subscribe there and at the platform."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from services.runtime.resources import Running
from tests.eventually import eventually
from tests.integration.neighbours import Neighbourhood
from tests.integration.notifications.desk import FAST, Post, post_office
from tests.integration.sim.outside import outside

HURRIED = FAST | {"notifications.push_backoff": "0.01"}
PATH = "/notifications/push-subscriptions"
Json = dict[str, Any]


class Endpoint:
    """What the push endpoint shows."""

    def __init__(self, rest: httpx.AsyncClient) -> None:
        self.rest = rest

    async def subscribe(self, **wanted: str) -> Json:
        """A browser's subscription, and what only the endpoint knows of it."""
        answer = await self.rest.post("/subscriptions", json=wanted)
        assert answer.status_code == 201, answer.text
        made: Json = answer.json()
        return made

    async def messages(self, subscription: int | None = None) -> list[Json]:
        query = {} if subscription is None else {"subscription": subscription}
        items: list[Json] = (await self.rest.get("/messages", params=query)).json()["items"]
        return items

    async def arrived(self, count: int = 1, subscription: int | None = None) -> list[Json]:
        """Pushes, as soon as there are so many."""

        async def enough() -> list[Json]:
            found = await self.messages(subscription)
            return found if len(found) >= count else []

        return await eventually(enough)


def as_browser(made: Json) -> Json:
    """What a page sends on."""
    return {"endpoint": made["endpoint"], "keys": made["keys"], "expirationTime": None}


async def subscribed(user: httpx.AsyncClient, endpoint: Endpoint) -> tuple[Json, Json]:
    """A browser of the user's: as the endpoint knows it, and as the platform does."""
    key = (await user.get("/notifications/push-key")).json()["public_key"]
    made = await endpoint.subscribe(application_server_key=key)
    answer = await user.post(PATH, json=as_browser(made))
    assert answer.status_code == 201, answer.text
    return made, answer.json()


@asynccontextmanager
async def push_office(
    folder: Path, options: Mapping[str, str] = HURRIED
) -> AsyncIterator[tuple[Neighbourhood, Post, Endpoint]]:
    """Both gateways are open; the service is started by the test."""
    async with post_office(folder, options) as (around, post), outside(folder, "push") as ports:
        url = f"http://127.0.0.1:{ports['push.http']}"
        around.stack.urls["push.http"] = url
        async with httpx.AsyncClient(base_url=url, trust_env=False) as rest:
            yield around, post, Endpoint(rest)


async def deliveries(running: Running) -> list[Json]:
    """What the platform knows of its pushes."""
    from tests.integration.people import state_of

    return (await state_of(running))["push_deliveries"]
