"""kill -9 of the broker at its kill points and at any moment: no order, no fill, no report is lost or told twice."""

import asyncio
import os
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.fix.messages import ExecutionReport
from services.fix.transport import NotLoggedOnError
from services.runtime.killpoints import ENVIRONMENT
from services.runtime.serve import bind
from tests.eventually import eventually
from tests.integration.sim.broker.client import FixClient, order
from tests.integration.sim.outside import KEY

ORDERS = 30
STARTED = 20.0
"""Seconds."""


class Hosted:
    """The broker in a process that is started again whenever it dies."""

    def __init__(self, state: Path, armed: str) -> None:
        self.fix, self.http = free_port(), free_port()
        self.deaths = 0
        self._state = state
        self._armed = armed
        self._process: asyncio.subprocess.Process | None = None

    async def keep_running(self) -> None:
        """For the life of the test; armed the first time only."""
        while True:
            process = await self._start()
            await process.wait()
            self.deaths += 1
            self._armed = ""

    def kill(self) -> None:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.kill()

    async def end(self) -> None:
        """Kill it for good."""
        self.kill()
        assert self._process is not None
        await self._process.wait()

    async def _start(self) -> asyncio.subprocess.Process:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.integration.sim.broker.child"),
            *(str(self._state), str(self.fix), str(self.http)),
            env={**os.environ, ENVIRONMENT: self._armed},
            stdout=asyncio.subprocess.DEVNULL,
        )
        return self._process


@asynccontextmanager
async def hosted(state: Path, armed: str = "") -> AsyncIterator[Hosted]:
    host = Hosted(state, armed)
    keeper = asyncio.create_task(host.keep_running())
    try:
        yield host
    finally:
        keeper.cancel()
        await asyncio.wait([keeper])
        await host.end()


def free_port() -> int:
    with bind() as bound:
        return int(bound.getsockname()[1])


async def send_all(client: FixClient, first: int, last: int) -> None:
    """One order at a time, each as soon as there is a session to give it to."""
    for number in range(first, last):
        while True:
            await client.endpoint.wait_logged_on()
            try:
                await client.send(order(f"o{number}"))
                break
            except (NotLoggedOnError, OSError):
                continue


async def record_of(host: Hosted) -> list[dict[str, Any]]:
    async with httpx.AsyncClient(headers={"X-API-Key": KEY}) as rest:
        answer = await rest.get(f"http://127.0.0.1:{host.http}/executions")
        lines: list[dict[str, Any]] = answer.json()
        return lines


async def all_is_told_once(client: FixClient, host: Hosted) -> None:
    """Every order was filled whole, and the client was told what the record has, each line once."""

    def filled(reports: list[ExecutionReport]) -> bool:
        return len({report.cl_ord_id for report in reports if report.ord_status == "2"}) == ORDERS

    await client.hears_all(filled)
    record = await eventually(lambda: record_of(host))
    told = Counter(report.exec_id for report in client.told if isinstance(report, ExecutionReport))
    assert told == Counter(line["exec_id"] for line in record)
    quantities = Counter[str]()
    for line in record:
        quantities[line["cl_ord_id"]] += line["last_quantity"]
    assert quantities == {f"o{number}": 10 for number in range(ORDERS)}


@pytest.mark.parametrize(
    "point",
    [
        "fix.before_commit:8",
        "venue.before_commit:12",
        "venue.after_commit:12",
        "venue.after_release:12",
        "fix.after_commit:9",
        "fix.after_wire:9",
    ],
)
async def test_a_kill_at_a_named_point_loses_nothing(tmp_path: Path, point: str) -> None:
    client = FixClient()
    async with hosted(tmp_path, point) as host, client.connected(host.fix, STARTED):
        for number in range(ORDERS):
            await send_all(client, number, number + 1)
            await client.hears(ExecutionReport, f"o{number}", timeout=STARTED)
        await all_is_told_once(client, host)
        assert host.deaths == 1


async def test_kills_at_any_moment_lose_nothing(tmp_path: Path) -> None:
    client, chance = FixClient(), random.Random(44)
    async with hosted(tmp_path) as host, client.connected(host.fix, STARTED):
        for first in range(0, ORDERS, 10):
            sending = asyncio.create_task(send_all(client, first, first + 10))
            heard = chance.randrange(1, 15) + len(client.told)

            def is_time(heard: int = heard, sending: asyncio.Task[None] = sending) -> bool:
                return len(client.told) >= heard or sending.done()

            await eventually(is_time, timeout=STARTED)
            host.kill()
            await sending
        await all_is_told_once(client, host)
        assert host.deaths >= 1
