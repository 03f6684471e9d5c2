"""kill -9 of orders and the exchange at each kill point and at any moment: nothing is lost or booked twice."""

import asyncio
import os
import random
import signal
import sys
from pathlib import Path

import pytest

from services.runtime.killpoints import ENVIRONMENT
from tests import parts
from tests.integration.orders.child import AGREED

POINTS = (
    "uow.before_commit:9",
    "uow.after_commit:7",
    "fix.before_commit:2",
    "fix.after_commit:3",
    "fix.after_wire:2",
    "venue.after_commit:6",
)
BY_REST = ("rest.before_send:3", "rest.after_answer:4", "uow.after_commit:9", "venue.after_commit:5")


async def child(folder: Path, armed: str = "", broker: str = "fix") -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.integration.orders.child", str(folder), broker),
        env={**os.environ, ENVIRONMENT: armed},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def agrees_in_the_end(folder: Path, broker: str = "fix") -> None:
    process = await child(folder, broker=broker)
    out, errors = await process.communicate()
    assert out.decode().strip().endswith(AGREED), errors.decode()[-3_000:]


@pytest.mark.parametrize(
    ("broker", "point"), [*(("fix", each) for each in POINTS), *(("rest", each) for each in BY_REST)]
)
async def test_killed_at_a_point_it_agrees_with_the_venue_after_a_restart(
    tmp_path: Path, broker: str, point: str
) -> None:
    parts.of(tmp_path).hand_over("orders")
    process = await child(tmp_path, point, broker)
    _, errors = await process.communicate()
    assert process.returncode == -signal.SIGKILL, errors.decode()[-3_000:]
    await agrees_in_the_end(tmp_path, broker)


async def test_killed_at_any_moment_again_and_again_it_agrees_in_the_end(tmp_path: Path) -> None:
    parts.of(tmp_path).hand_over("orders")
    chance = random.Random(3)
    for _ in range(3):
        process = await child(tmp_path)
        try:
            async with asyncio.timeout(chance.uniform(1.0, 3.0)):
                await process.communicate()
        except TimeoutError:
            process.kill()
            await process.communicate()
    await agrees_in_the_end(tmp_path)
