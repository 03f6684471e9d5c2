"""What who pushes sees of the endpoint's faults."""

import asyncio
from pathlib import Path

import pytest

from tests.breaking import broken, mend
from tests.integration.sim.push.test_endpoint import endpoint

pytestmark = pytest.mark.usefixtures("mended")


async def test_pushes_are_turned_away_while_pages_are_not(tmp_path: Path) -> None:
    async with endpoint(tmp_path) as pushes:
        made = await pushes.subscribe()
        broken("push", "push.refuse")
        assert (await pushes.push(made)).status_code == 503
        assert await pushes.messages() == []
        mend("push")
        assert (await pushes.push(made)).status_code == 201


async def test_a_push_is_taken_so_much_later(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    async with endpoint(tmp_path) as pushes:
        made = await pushes.subscribe()
        broken("push", "push.latency", ms=200)
        began = loop.time()
        assert (await pushes.push(made)).status_code == 201
        assert loop.time() - began >= 0.2


async def test_of_pushes_that_fail_half_are_kept_and_counted_when_they_come_again(tmp_path: Path) -> None:
    async with endpoint(tmp_path) as pushes:
        made = await pushes.subscribe()
        broken("push", "push.errors", percent=100)
        topics = [f"t{number}" for number in range(20)]
        assert {(await pushes.push(made, Topic=topic)).status_code for topic in topics} == {500}
        kept = {seen["topic"] for seen in await pushes.messages()}
        assert 0 < len(kept) < len(topics)
        mend("push")
        assert {(await pushes.push(made, Topic=topic)).status_code for topic in topics} == {201}
        assert {seen["topic"]: seen["deliveries"] for seen in await pushes.messages()} == {
            topic: 2 if topic in kept else 1 for topic in topics
        }


async def test_a_subscription_that_a_fault_has_ended_stays_gone(tmp_path: Path) -> None:
    async with endpoint(tmp_path) as pushes:
        made, other = [await pushes.subscribe() for _ in range(2)]
        broken("push", "push.gone", percent=100)
        assert (await pushes.push(made)).status_code == 410
        mend("push")
        assert (await pushes.push(made)).status_code == 410
        assert (await pushes.push(other)).status_code == 201
