"""The real Envoy where something behind it fails, or it has to go: each with bounds of its own."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.contracts.door import PREFIX
from tests.envoys import need
from tests.eventually import eventually
from tests.integration.tradectl.doors import TestDoor
from tradectl.edge.place import Limits
from tradectl.edge.standing import Standing, end, place_of, stand
from tradectl.stack.settings import RunSettings, keep
from tradectl.stack.state import Sandbox

FEW = 5
"""Requests a second."""
EJECTED = 'envoy_cluster_outlier_detection_ejections_enforced_total{envoy_cluster_name="bff"}'


@dataclass(frozen=True)
class Edge:
    """Envoy, the two doors behind it, and a client that is let in."""

    standing: Standing
    one: TestDoor
    other: TestDoor
    client: httpx.AsyncClient

    async def counted(self, name: str) -> float:
        """A figure of its page of metrics."""
        url = f"http://127.0.0.1:{self.standing.place.metrics.port}/metrics"
        async with httpx.AsyncClient(trust_env=False) as plain:
            lines = (await plain.get(url)).text.splitlines()
        return float(next((line.rpartition(" ")[2] for line in lines if line.startswith(name)), 0))


@asynccontextmanager
async def edge(folder: Path, limits: Limits) -> AsyncIterator[Edge]:
    need()
    sandbox, key = Sandbox("edge", folder / "edge"), Ed25519PrivateKey.generate()
    sandbox.create()
    keep(sandbox, RunSettings())
    with ExitStack() as ended:
        async with TestDoor(key).open() as one, TestDoor(key).open() as other:
            endpoints = {"bff.http": f"http://127.0.0.1:{one.port}", "bff@2.http": f"http://127.0.0.1:{other.port}"}
            place = place_of(sandbox, endpoints, 0, limits=limits)
            standing = await asyncio.to_thread(ended.enter_context, stand(sandbox, place))
            context = ssl.create_default_context(cafile=standing.authority)
            async with httpx.AsyncClient(
                base_url=standing.url, verify=context, trust_env=False, headers=one.token()
            ) as client:

                async def let_in() -> bool:
                    return (await client.get(f"{PREFIX}/me")).status_code == 200

                await eventually(let_in, every=0.2)
                yield Edge(standing, one, other, client)
            for door in (one, other):
                door.free.set()
            await asyncio.to_thread(ended.close)


async def test_a_bff_that_died_is_ejected_at_once_and_no_read_fails(tmp_path: Path) -> None:
    async with edge(tmp_path, Limits(drain=0.1)) as at:
        at.one.die()

        async def ejected() -> bool:
            assert (await at.client.get(f"{PREFIX}/portfolio")).status_code == 200
            return await at.counted(EJECTED) > 0

        await eventually(ejected)


async def test_a_bff_that_does_not_answer_has_its_time_and_no_more(tmp_path: Path) -> None:
    async with edge(tmp_path, Limits(request=1, attempt=0.4, drain=0.1)) as at:
        for door in (at.one, at.other):
            door.free.clear()
        for method, code in (("GET", "timeout"), ("POST", "outcome_unknown")):
            began = time.monotonic()
            answer = await at.client.request(method, f"{PREFIX}/orders", json={} if method == "POST" else None)
            assert (answer.status_code, answer.json()["code"]) == (504, code)
            assert time.monotonic() - began < 5


async def test_what_is_under_way_is_finished_before_it_goes(tmp_path: Path) -> None:
    async with edge(tmp_path, Limits(drain=10)) as at:
        for door in (at.one, at.other):
            door.asked.clear()
            door.free.clear()
        under_way = asyncio.ensure_future(at.client.post(f"{PREFIX}/orders", json={}))
        await eventually(lambda: [*at.one.asked, *at.other.asked])
        going = asyncio.ensure_future(asyncio.to_thread(end, at.standing))
        gone, _ = await asyncio.wait({going}, timeout=1)
        assert not gone, "it waits for what is under way"
        for door in (at.one, at.other):
            door.free.set()
        assert (await under_way).status_code == 200
        await going
        assert at.standing.process.poll() is not None


async def test_too_many_requests_of_all_together_are_429(tmp_path: Path) -> None:
    async with edge(tmp_path, Limits(requests_per_second=FEW, drain=0.1)) as at:

        async def turned_away() -> bool:
            answers = await asyncio.gather(*(at.client.get(f"{PREFIX}/me") for _ in range(5 * FEW)))
            assert {answer.status_code for answer in answers} <= {200, 429}
            return any(answer.status_code == 429 for answer in answers)

        await eventually(turned_away)
