"""A venue killed at any point ends as one that was never killed."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from services.runtime.killpoints import ENVIRONMENT
from sim.venue import checkpoint
from tests.integration.sim.venue.child import opened, trade

STEPS = 800
"""Eighty seconds of market: past the handover from the recording to agents."""
POINTS = ("venue.before_commit", "venue.after_commit", "venue.after_release")


def run_killed(state: Path, *kills: str) -> None:
    """Run to the end, killed once at each of the points on the way."""
    for kill in (*kills, ""):
        child = subprocess.run(
            [sys.executable, "-m", "tests.integration.sim.venue.child", str(state), str(STEPS)],
            env={**os.environ, ENVIRONMENT: kill},
            check=False,
            capture_output=True,
            text=True,
        )
        assert child.returncode == (-signal.SIGKILL if kill else 0), child.stderr


def outcome(state: Path) -> dict[str, Any]:
    """Everything that must be the same: record, tape, books with their queues, feeds, orders that are open."""
    exchange = opened(state)
    world: dict[str, Any] = msgspec.msgpack.decode(checkpoint.saved(exchange.world))
    still = sorted((order for order in world.pop("orders") if order["order_id"]), key=lambda order: order["order_id"])
    del world["names"]
    columns = "symbol, trade_id, time, price, quantity, aggressor"
    return {
        "executions": exchange.executions_since(0, 100_000),
        "trades": exchange.journal().execute(f"SELECT {columns} FROM trades ORDER BY symbol, trade_id").fetchall(),
        "open": [order for order in still if order["status"] in {"new", "partially_filled"}],
        "world": world,
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    state = tmp_path_factory.mktemp("undisturbed")
    asyncio.run(trade(opened(state), STEPS))
    return outcome(state)


def test_the_undisturbed_run_has_something_to_lose(undisturbed: dict[str, Any]) -> None:
    kinds = {each.kind for each in undisturbed["executions"]}
    assert kinds >= {"new", "trade", "cancelled", "replaced", "cancel_rejected"}
    assert {each.liquidity for each in undisturbed["executions"]} >= {"maker", "taker"}
    assert undisturbed["open"]


@pytest.mark.parametrize("seed", range(4))
def test_killed_at_random_points_it_ends_the_same(tmp_path: Path, undisturbed: dict[str, Any], seed: int) -> None:
    rng = Random(seed)
    run_killed(tmp_path, *(f"{rng.choice(POINTS)}:{rng.randint(1, 250)}" for _ in range(3)))
    assert outcome(tmp_path) == undisturbed
