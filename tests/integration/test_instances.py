"""Two instances of a service: whichever is asked or told, it is one service."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest

from services.runtime.resources import Running
from tests.eventually import eventually
from tests.integration.bff.stack import Mailbox, Stack, bearer, logged_in, registered, stack
from tests.integration.neighbours import Neighbourhood, neighbourhood, settled
from tests.integration.notifications.desk import order_filled, post_office, profile
from tests.integration.people import client, state_of
from tests.integration.portfolio.desk import filled, order
from tests.integration.recommendations.desk import MarketData, bar, walk
from tests.integration.recommendations.test_signals import sightings

pytestmark = pytest.mark.containers("two instances of a service need a broker between processes")
FAST = {"auth.argon2_memory": "64", "auth.argon2_passes": "1"}


@asynccontextmanager
async def two(around: Neighbourhood, service: str) -> AsyncIterator[tuple[Running, Running]]:
    async with around.stack.part(service) as one, around.stack.part(service, f"{service}@2") as other:
        yield one, other


async def test_events_are_booked_once_and_the_second_takes_over(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path) as around, AsyncExitStack() as stopped_last:
        one = AsyncExitStack()
        await one.enter_async_context(around.stack.part("portfolio"))
        other = await stopped_last.enter_async_context(around.stack.part("portfolio", "portfolio@2"))
        fills = [filled(order(number=number), 10, 20_000, 100) for number in range(60)]
        await around.publish(*fills[:30])
        await around.publish(*fills[30:])
        await one.aclose()

        async def booked() -> bool:
            return len((await state_of(other))["trades"]) == 60

        await eventually(booked)
        await settled(other)
        tables = await state_of(other)
        assert [(row["quantity"], row["cost"]) for row in tables["positions"]] == [(600, 60 * 200_100)]
        assert len({row["fill_id"] for row in tables["trades"]}) == 60


async def test_each_notification_goes_out_once(tmp_path: Path) -> None:
    async with post_office(tmp_path) as (around, post), two(around, "notifications") as (one, other):
        await around.publish(profile())
        await around.publish(*(order_filled(number) for number in range(30)))
        mails = await post.arrived("ann@example.org", 30)

        async def all_sent() -> bool:
            return {row["status"] for row in (await state_of(one))["deliveries"]} == {"sent"}

        await eventually(all_sent)
        assert [mail["deliveries"] for mail in mails] == [1] * 30
        for running in (one, other):
            async with client(running) as ann:
                assert (await ann.get("/notifications")).json()["unread"] == 30


async def test_both_raise_the_same_signals_once(tmp_path: Path) -> None:
    async with neighbourhood(tmp_path) as around:
        market = MarketData(AAPL=walk(600))
        market.offer()
        async with two(around, "recommendations") as running:
            for place, each in enumerate(walk(60, 2)):
                await around.publish(market.closing(bar(place, each.close)))

            async def all_of_them() -> bool:
                rows = [row for row in (await state_of(running[0]))["signals"] if not row["historical"]]
                return {(row["strategy"], row["bar_start"]) for row in rows} == sightings(market)

            await eventually(all_of_them)
            rows = (await state_of(running[1]))["signals"]
            assert len({(row["strategy"], row["bar_start"]) for row in rows}) == len(rows)


@pytest.fixture
async def auth(tmp_path: Path) -> AsyncIterator[Stack]:
    async with stack(tmp_path, "auth", options=FAST) as running, running.part("auth", "auth@2"):
        yield running


@pytest.fixture
async def doors(auth: Stack) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    """The two instances of auth."""
    urls = auth.url("auth"), auth.url("auth@2")
    async with (
        httpx.AsyncClient(base_url=urls[0], trust_env=False) as one,
        httpx.AsyncClient(base_url=urls[1], trust_env=False) as other,
    ):
        yield one, other


async def test_who_logs_in_at_one_is_known_at_the_other(
    auth: Stack, doors: tuple[httpx.AsyncClient, httpx.AsyncClient]
) -> None:
    one, other = doors
    async with Mailbox(auth).open() as mailbox:
        await registered(one, mailbox, "ann@example.org")
    tokens = await logged_in(other, "ann@example.org")
    assert (await one.get("/me", headers=bearer(tokens))).json()["email"] == "ann@example.org"
    again = await one.post("/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    replayed = await other.post("/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert (again.status_code, replayed.status_code) == (200, 401)
    lost = await one.post("/auth/refresh", json={"refresh_token": again.json()["refresh_token"]})
    assert lost.status_code == 401
