"""Killed at any of the kernel's points, a process that starts again has lost nothing and applies nothing twice."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from services.kernel import outbox
from services.kernel.database import Database
from services.runtime.killpoints import ENVIRONMENT, POINTS
from tests import parts
from tests.eventually import eventually
from tests.integration.kernel.chain import chain_in
from tests.integration.kernel.victim import EVENTS, TOPICS

OF_A_FILE = pytest.mark.embedded("a point of the broker in the process; RabbitMQ is killed by tests/e2e/test_kills.py")
KERNEL = [
    *(point for point in POINTS if point.partition(".")[0] in {"uow", "outbox", "consumer"}),
    *(pytest.param(point, marks=OF_A_FILE) for point in POINTS if point.startswith("broker.")),
]


async def run_victim(folder: Path, kill_at: str | None) -> int:
    environment = {key: value for key, value in os.environ.items() if key != ENVIRONMENT}
    if kill_at:
        environment[ENVIRONMENT] = kill_at
    command = (sys.executable, "-W", "error", "-m", "tests.integration.kernel.victim", str(folder))
    process = await asyncio.create_subprocess_exec(*command, env=environment)
    return await process.wait()


@pytest.mark.parametrize("point", KERNEL)
async def test_killed_and_started_again_everything_happens_once(point: str, tmp_path: Path) -> None:
    parts.of(tmp_path).hand_over("source", "target")
    assert await run_victim(tmp_path, f"{point}:1") == -signal.SIGKILL
    assert await run_victim(tmp_path, f"{point}:3") == -signal.SIGKILL
    assert await run_victim(tmp_path, None) == 0
    async with chain_in(tmp_path) as chain:
        for topic in TOPICS:
            assert await chain.applied(topic) == list(range(1, EVENTS + 1))
        chain.start(chain.relay)
        await eventually(lambda: all_published(chain.source))


async def all_published(database: Database) -> bool:
    async with database.reading() as connection:
        return await outbox.unpublished(connection) == 0
