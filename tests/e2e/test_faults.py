"""Orders flow while something is broken on purpose; afterwards all is whole and the audit is clean."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.contracts.faults import KINDS
from tests.e2e.tool import Tool
from tests.e2e.trading import PATIENCE, Place, Trader
from tests.eventually import eventually
from tradectl.errors import ExitCode
from tradectl.fault import run
from tradectl.stack.state import Sandbox

pytestmark = pytest.mark.night

LASTING = 8.0
"""Seconds, were it not cleared before."""
ROUND = 1.0
"""Seconds of orders while something is broken."""
STILL = "host stands still"
LINK = {"between": "orders,broker"}
Terms = Mapping[str, Any]
# What is broken at the same time; each kind is in one of them.
GROUPS: dict[str, list[tuple[str, Terms]]] = {
    "provider": [
        ("provider.latency", {"ms": 50}),
        ("provider.drop", {}),
        ("provider.gap", {}),
        ("provider.duplicate", {}),
        ("provider.reorder", {}),
        ("provider.errors", {}),
        ("provider.slow", {"rate": 200}),
    ],
    "provider away": [("provider.refuse", {}), ("provider.reset", {"every": 0.3})],
    "provider silent": [("provider.half_open", {}), ("provider.stale", {})],
    "feed": [
        ("feed.gap", {"percent": 50}),
        ("feed.crossed", {"symbol": "BTCUSDT"}),
        ("feed.spike", {}),
        ("feed.stale", {"symbol": "IBM"}),
        ("feed.halt", {"symbol": "IBM"}),
    ],
    "broker by REST": [("broker.latency", {}), ("broker.errors", {}), ("broker.refuse", {})],
    "FIX messages": [("fix.gap", {"percent": 30}), ("fix.garbled", {}), ("fix.slow_ack", {"ms": 50})],
    "FIX numbers": [("fix.wrong_number", {"percent": 30}), ("fix.duplicate", {"percent": 5})],
    "FIX sessions": [("fix.logout", {"every": 0.5}), ("fix.disconnect", {"every": 0.7})],
    "FIX away": [("fix.refuse", {}), ("fix.silent", {})],
    "FIX refusals": [("fix.reject", {}), ("fix.reject_changes", {})],
    "mail": [("mail.latency", {"ms": 20}), ("mail.temporary", {}), ("mail.drop", {})],
    "mail away, chat too": [("mail.refuse", {}), ("chatops.refuse", {}), ("chatops.latency", {})],
    "push": [("push.latency", {"ms": 20}), ("push.errors", {})],
    "push away": [("push.refuse", {})],
    "push gone": [("push.gone", {})],
    "services": [
        ("service.slow", {"service": "portfolio", "ms": 100}),
        ("service.errors", {"service": "orders", "percent": 30}),
        ("service.memory", {"service": "chat", "mib": 16}),
        ("service.clock_skew", {"service": "orders", "ms": 500}),
    ],
    "network": [
        ("network.latency", {**LINK, "ms": 20}),
        ("network.jitter", {**LINK, "ms": 20}),
        ("network.bandwidth", {"between": "market_data,provider", "rate": 500}),
        ("network.slow_read", {"between": "notifications,mail", "rate": 50}),
    ],
    "network away": [
        ("network.drop", LINK),
        ("network.reset", {"between": "notifications,mail", "every": 0.3}),
        ("network.half_open", {"between": "market_data,provider"}),
        ("network.refuse", {"between": "notifications,mail"}),
    ],
    "host killed": [("service.kill", {"service": "host"})],
    STILL: [("service.pause", {"service": "host"})],
}
NUMBERS = count()


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tool]:
    """A platform whose parts speak over a network that can be disturbed."""
    made = Tool(tmp_path_factory.mktemp("faults"))
    made.ok("up", "--quiet", "--network-faults")
    yield made
    made.run("down", "--all")
    assert made.leftovers() == []


@pytest.fixture
def sandbox(broken: Tool) -> Iterator[Sandbox]:
    found = Sandbox("default", broken.sandbox())
    yield found
    run.clear(found)


@pytest.fixture
async def http(broken: Tool) -> AsyncIterator[httpx.AsyncClient]:
    async with Place(broken).client() as made:
        yield made


@pytest.fixture(scope="module")
def known() -> dict[str, Trader]:
    """The one trader of this module, once it has entered."""
    return {}


async def trader_of(broken: Tool, http: httpx.AsyncClient, known: dict[str, Trader]) -> Trader:
    if "ann" not in known:
        known["ann"] = await Place(broken).trader(http, "ann", 7).enter()
    known["ann"].http = http
    return known["ann"]


def test_each_kind_that_embedded_has_is_in_one_group() -> None:
    grouped = sorted(kind for group in GROUPS.values() for kind, _ in group)
    assert grouped == sorted(kind.name for kind in KINDS.values() if kind.part != "server")


@pytest.mark.parametrize("group", GROUPS)
async def test_the_platform_survives_and_the_audit_is_clean(
    broken: Tool, sandbox: Sandbox, http: httpx.AsyncClient, known: dict[str, Trader], group: str
) -> None:
    trader = await trader_of(broken, http, known)
    if group.startswith("push"):
        await trader.subscribe()  # the browsers before may be gone
    seconds = ROUND if group == STILL else LASTING
    begun = [fault for kind, terms in GROUPS[group] for fault in run.add(sandbox, kind, terms, seconds=seconds)]
    assert len(begun) == len(GROUPS[group])
    await orders_for(trader, ROUND)
    await eventually(lambda: asyncio.to_thread(cleared, sandbox), PATIENCE, every=0.1)
    await clean(broken)


def cleared(sandbox: Sandbox) -> bool:
    """Whether all has ended; a host that was killed is not back at once."""
    run.clear(sandbox)
    return run.active(sandbox) == []


async def orders_for(trader: Trader, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        await trader.trade(f"k-{next(NUMBERS)}")


async def clean(broken: Tool) -> None:
    """What was lost is heard of at the next heartbeat."""

    async def nothing_found() -> bool:
        report = await asyncio.to_thread(Place(broken).audit)
        assert not [*report.differences, *report.in_flight], report
        return True

    await eventually(nothing_found, PATIENCE, every=0.5)


async def test_at_the_end_every_order_mail_and_push_is_there_once(
    broken: Tool, http: httpx.AsyncClient, known: dict[str, Trader]
) -> None:
    await (await trader_of(broken, http, known)).check_books()


def test_a_fault_is_listed_shown_by_ps_and_ended_by_its_id(broken: Tool) -> None:
    added = broken.ok("fault", "add", "provider.latency", "--ms", "5", "--for", "1m", "--json").json["items"]
    assert [(each["kind"], each["part"], each["parameters"]) for each in added] == [
        ("provider.latency", "provider", {"ms": 5})
    ]
    assert broken.ok("fault", "list", "--json").json["items"] == added
    assert broken.ok("ps", "--json").json["faults"] == added
    assert "provider.latency" in broken.ok("ps").out
    assert "ended" in broken.ok("fault", "clear", added[0]["id"]).out
    assert broken.run("fault", "clear", added[0]["id"]).code == ExitCode.NOT_FOUND
    assert broken.ok("fault", "list").out.strip() == "nothing is broken on purpose"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["provider.latenzy"], ExitCode.NOT_FOUND, "provider.latency"),
        (["provider.latency", "--percent", "3"], ExitCode.BAD_INPUT, "has no parameter percent"),
        (["provider.latency", "--ms", "0"], ExitCode.BAD_INPUT, "not within"),
        (["provider.latency", "--for", "2h"], ExitCode.BAD_INPUT, "2h"),
        (["feed.halt", "--symbol", "NOPE"], ExitCode.BAD_INPUT, "NOPE"),
        (["service.slow", "--service", "nobody"], ExitCode.NOT_FOUND, "nobody"),
        (["service.pause", "--service", "orders"], ExitCode.CONFLICT, "containers"),
        (["server.kill", "--server", "redis"], ExitCode.CONFLICT, "containers"),
        (["network.drop", "--between", "orders,moon"], ExitCode.BAD_INPUT, "broker,orders"),
    ],
    ids=str,
)
def test_what_cannot_be_broken_is_refused_with_a_word(
    broken: Tool, arguments: list[str], code: ExitCode, said: str
) -> None:
    result = broken.run("fault", "add", *arguments)
    assert result.code == code
    assert said in result.err


async def test_a_fault_is_over_in_time_although_the_tool_was_killed(broken: Tool, sandbox: Sandbox) -> None:
    with broken.running("fault", "add", "mail.latency", "--for", "2s") as process:
        await eventually(lambda: run.active(sandbox), PATIENCE, every=0.05)
        process.send_signal(signal.SIGKILL)
    await eventually(lambda: run.active(sandbox) == [], 10, every=0.1)


async def test_a_process_that_stands_still_goes_on_in_time_although_the_tool_was_killed(
    broken: Tool, sandbox: Sandbox
) -> None:
    host = broken.ready("host")
    with broken.running("fault", "add", "service.pause", "--service", "host", "--for", "2s") as process:
        await eventually(lambda: stands_still(host), PATIENCE)
        process.send_signal(signal.SIGKILL)
    await eventually(lambda: not stands_still(host), 10)
    assert broken.ready("host") == host
    await clean(broken)


async def test_a_supervisor_that_is_killed_leaves_no_process_that_stands_still(broken: Tool, sandbox: Sandbox) -> None:
    supervisor, host = broken.processes()
    run.add(sandbox, "service.pause", {"service": "host"}, seconds=LASTING)
    await eventually(lambda: stands_still(host), PATIENCE)
    os.kill(supervisor, signal.SIGKILL)
    await eventually(lambda: not broken.leftovers(), PATIENCE)
    broken.ok("up", "--quiet")
    assert run.active(sandbox) == []
    await clean(broken)


def stands_still(pid: int) -> bool:
    """Whether the system shows the process as stopped."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "T"
