"""What only processes and servers of their own can suffer: orders flow meanwhile, afterwards the audit is clean."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import docker
import httpx
import pytest

from services.contracts.faults import KINDS
from tests.e2e.conftest import contained_in
from tests.e2e.test_faults import ROUND, Terms, clean, orders_for, stands_still
from tests.e2e.tool import Tool
from tests.e2e.trading import PATIENCE, Place, Trader
from tests.eventually import eventually
from tradectl.fault import run
from tradectl.stack.state import Sandbox

pytestmark = pytest.mark.night

STRUCK = [
    ("server.kill", {"server": "redis"}),
    ("server.kill", {"server": "rabbitmq"}),
    ("server.pause", {"server": "primary"}),
    ("server.pause", {"server": "replica"}),
    ("cache.flush", {}),
    ("database.lock", {"service": "portfolio"}),
    ("database.read_only", {}),
    ("service.kill", {"service": "orders"}),
    ("service.pause", {"service": "portfolio"}),
    ("network.latency", {"between": "bff,orders", "ms": 50}),
    ("network.reset", {"between": "bff,portfolio", "every": 0.3}),
    ("network.refuse", {"between": "orders,market_data"}),
    ("network.half_open", {"between": "portfolio,auth"}),
]
GRADES: dict[str, Terms] = {
    "network.refuse": {},
    "network.latency": {"ms": 50},
    "network.jitter": {"ms": 50},
    "network.bandwidth": {"rate": 20},
    "network.drop": {"percent": 5},
    "network.reset": {"every": 0.3},
    "network.half_open": {},
    "network.slow_read": {"rate": 20},
}
FRONTS = [
    (kind, {"between": between, **terms})
    for between in ("orders,primary", "portfolio,replica", "orders,rabbitmq", "bff,redis")
    for kind, terms in GRADES.items()
]
"""The network in front of each server."""
LACKS = {"primary": "database", "replica": "replica", "rabbitmq": "broker", "redis": "cache"}
"""What a service says that it lacks when a server does not answer."""


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tool]:
    """A platform on containers whose services speak over a network that can be disturbed."""
    for made in contained_in(tmp_path_factory.mktemp("struck")):
        made.ok("up", "--quiet", "--network-faults")
        yield made


@pytest.fixture(scope="module")
def known() -> dict[str, Trader]:
    return {}


def container(tool: Tool, role: str) -> Any:
    labels = [f"tradectl.home={tool.home}", f"tradectl.role={role}"]
    return docker.from_env().containers.list(all=True, filters={"label": labels})[0]


def test_each_kind_for_containers_has_its_turn() -> None:
    assert {kind.name for kind in KINDS.values() if kind.part == "server"} <= {kind for kind, _ in STRUCK}
    assert {kind.name for kind in KINDS.values() if kind.part == "network"} == GRADES.keys()


async def checks(tool: Tool, service: str) -> dict[str, str]:
    """What a service says of all that it needs."""
    async with httpx.AsyncClient(timeout=PATIENCE) as http:
        page = (await http.get(f"http://127.0.0.1:{tool.ports()[f'{service}.http']}/ready")).json()
    return dict(page["checks"])


@pytest.mark.parametrize("server", LACKS)
async def test_one_service_is_cut_off_from_a_server_and_has_it_back(broken: Tool, server: str) -> None:
    sandbox, name = Sandbox("default", broken.sandbox()), LACKS[server]

    async def has_it(service: str) -> bool:
        return (await checks(broken, service))[name] == "ok"

    async def has_it_not(service: str) -> bool:
        return not await has_it(service)

    await asyncio.to_thread(run.add, sandbox, "network.refuse", {"between": f"{server},portfolio"}, seconds=60.0)
    await eventually(lambda: has_it_not("portfolio"), PATIENCE, every=0.1)
    assert await has_it("orders")
    await asyncio.to_thread(run.clear, sandbox)
    await eventually(lambda: has_it("portfolio"), PATIENCE, every=0.1)


async def test_a_query_is_as_late_as_the_network_to_its_server(broken: Tool) -> None:
    sandbox = Sandbox("default", broken.sandbox())
    await asyncio.to_thread(run.add, sandbox, "network.latency", {"between": "chat,primary", "ms": 150}, seconds=60.0)
    began = time.monotonic()
    assert (await checks(broken, "chat"))["database"] == "ok"
    assert time.monotonic() - began >= 0.3
    await asyncio.to_thread(run.clear, sandbox)


@pytest.mark.parametrize(("kind", "terms"), [*STRUCK, *FRONTS], ids=str)
async def test_the_platform_survives_and_the_audit_is_clean(
    broken: Tool, known: dict[str, Trader], kind: str, terms: Terms
) -> None:
    sandbox, place = Sandbox("default", broken.sandbox()), Place(broken)
    async with place.client() as http:
        if "ann" not in known:
            known["ann"] = await place.trader(http, "ann", 7).enter()
        known["ann"].http = http
        await asyncio.to_thread(run.add, sandbox, kind, terms, seconds=3.0)
        await orders_for(known["ann"], ROUND)
        await eventually(lambda: run.active(sandbox) == [], PATIENCE, every=0.2)
        await clean(broken)


async def test_a_server_that_stands_still_goes_on_although_the_tool_was_killed(broken: Tool) -> None:
    redis = container(broken, "redis")

    def state() -> str:
        redis.reload()
        return str(redis.status)

    with broken.running("fault", "add", "server.pause", "--server", "redis", "--for", "4s") as process:
        await eventually(lambda: state() == "paused", PATIENCE, every=0.1)
        process.kill()
    await eventually(lambda: state() == "running", PATIENCE, every=0.1)


async def test_a_server_goes_on_when_the_fault_is_cleared_and_a_service_alone_can_stand_still(broken: Tool) -> None:
    sandbox, chat = Sandbox("default", broken.sandbox()), broken.ready("chat")
    await asyncio.to_thread(run.add, sandbox, "service.pause", {"service": "chat"}, seconds=60.0)
    await asyncio.to_thread(run.add, sandbox, "server.kill", {"server": "redis"}, seconds=60.0)
    await eventually(lambda: stands_still(chat), PATIENCE)
    await eventually(lambda: container(broken, "redis").status != "running", PATIENCE, every=0.1)
    assert not stands_still(broken.ready("auth"))
    await asyncio.to_thread(run.clear, sandbox)
    await eventually(lambda: not stands_still(chat), PATIENCE)
    await eventually(lambda: container(broken, "redis").status == "running", PATIENCE, every=0.1)
    await clean(broken)
