"""What a sandbox holds, kept under a name and put back."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.runtime.killpoints import ENVIRONMENT
from tests.e2e.conftest import contained_in
from tests.e2e.tool import Tool
from tests.e2e.trading import PATIENCE, Place, Trader
from tests.eventually import eventually
from tests.servers import owned
from tradectl.errors import ExitCode
from tradectl.smoke import books
from tradectl.stack.containers.replication import in_step
from tradectl.stack.ports import remembered

SEED = 11
BACKENDS = ("embedded", "containers")
BY_NIGHT_ON_CONTAINERS = pytest.mark.parametrize(
    "either", ["embedded", pytest.param("containers", marks=pytest.mark.night)], indirect=True
)
"""A minute each there."""


@pytest.fixture(params=BACKENDS)
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tool]:
    """A home on each backend in turn."""
    if request.param == "containers":
        yield from contained_in(tmp_path)
        return
    made = Tool(tmp_path)
    yield made
    made.run("down", "--all")
    assert made.leftovers() == []


async def held(trader: Trader) -> dict[str, Any]:
    """What must come back: orders with their histories, cash, positions and withdrawals."""
    portfolio = await trader.ok("GET", "/portfolio")
    return {
        "orders": await trader.lives(),
        "cash": books.held_cash(portfolio),
        "positions": books.held_positions(portfolio),
        "withdrawals": await trader.listed("/portfolio/withdrawals"),
        "topics": [topic["id"] for topic in (await trader.ok("GET", "/chat/topics"))["items"]],
    }


async def at_rest(trader: Trader) -> None:
    """None of the trader's orders and withdrawals is on its way."""

    async def all_answered() -> bool:
        asked = [each["status"] for each in await trader.listed("/portfolio/withdrawals")]
        statuses = [order["status"] for order in await trader.lives()]
        return "requested" not in asked and not any(status.startswith("pending") for status in statuses)

    assert await eventually(all_answered, PATIENCE, every=0.05)


def follows(tool: Tool) -> bool:
    """Whether both threads of the replica run and nothing is missing there."""
    if tool.backend == "embedded":
        return True
    ports = remembered(tool.sandbox() / "server-ports.json")
    password = json.loads((tool.sandbox() / "passwords.json").read_text())["root"]
    return in_step(ports["primary.mysql"], ports["replica.mysql"], password)


async def trade(trader: Trader, prefix: str) -> None:
    for number in range(6):
        await trader.trade(f"{prefix}-{number}")
    await at_rest(trader)


async def test_a_load_brings_back_what_was_saved_and_nothing_of_what_came_after(either: Tool) -> None:
    either.ok("up", "--quiet")
    either.ok("clock", "speed", "2")
    place = Place(either)
    async with place.client() as http:
        ann = await place.trader(http, "ann", SEED).enter()
        await trade(ann, "before")
        resting = await ann.place("resting", "AAPL", "buy", 3, ann.away("AAPL", "buy", 4))
        await at_rest(ann)
        saved = either.ok("snapshot", "save", "funded", "--json").json
        assert saved["running"] is True
        assert either.ok("clock", "show", "--json").json["mode"] == "running"
        before, orders, withdrawals = await held(ann), dict(ann.orders), dict(ann.withdrawals)
        processes, ports = either.children(), either.ports()

        await trade(ann, "after")
        await ann.cancel(resting)
        await ann.ok("POST", "/chat/topics", {"title": "later"}, key="later")
        bob = await place.trader(http, "bob", SEED).enter()
        either.ok("clock", "speed", "7")

        loaded = either.ok("snapshot", "load", "funded", "--json").json
        assert (loaded["running"], either.ports()) == (True, ports)
        assert not {each["pid"] for each in processes.values()} & {each["pid"] for each in either.children().values()}
        clock = either.ok("clock", "show", "--json").json
        assert (clock["mode"], clock["speed"]) == ("running", 2)
        assert saved["market"] < clock["now"] < saved["market"][:14] + "59"
        assert await held(ann) == before, "the session, the orders and the money are those of the save"
        assert (await http.post("/auth/login", json={"email": bob.email, "password": "correct horse battery"})).is_error
        assert await bob.mails() == []
        assert await eventually(lambda: follows(either), PATIENCE), "the replica has what the primary has"
        report = place.audit()
        assert (report.differences, report.in_flight) == ([], [])

        ann.orders, ann.withdrawals = orders, withdrawals
        await trade(ann, "again")
        await ann.cancel(resting)
        await at_rest(ann)
        assert place.audit().differences == []
        await ann.check_books()


@BY_NIGHT_ON_CONTAINERS
@pytest.mark.parametrize("point", ["load.half", pytest.param("load.begun", marks=pytest.mark.night)])
async def test_a_load_that_is_killed_says_so_starts_nothing_and_is_done_again(either: Tool, point: str) -> None:
    either.ok("up", "--quiet")
    either.ok("smoke", "--json")
    fills = either.ok("audit", "--settled", "--json").json["counted"]["orders.fills"]
    either.ok("snapshot", "save", "funded")
    either.ok("smoke", "--json")
    assert either.run("snapshot", "load", "funded", **{ENVIRONMENT: point}).code == -9

    assert either.ok("ps", "--json").json["halfway"] == "tradectl snapshot load funded"
    assert "half loaded" in either.ok("ps").out
    child = next(iter(either.children()))
    for arguments in (["up"], ["start", child], ["restart", child], ["snapshot", "save", "other"]):
        result = either.run(*arguments)
        assert result.code == ExitCode.STATE_UNUSABLE, arguments
        assert "`tradectl snapshot load funded` does it whole" in result.err
    assert not [each for each in either.children().values() if each["pid"]], "nothing runs on what is half loaded"

    assert either.ok("snapshot", "load", "funded", "--json").json["running"] is True
    counted = either.ok("audit", "--settled", "--json").json
    assert (counted["clean"], counted["counted"]["orders.fills"]) == (True, fills)
    assert either.ok("smoke", "--json").json["ok"] is True


def test_a_killed_load_of_a_sandbox_that_is_down_starts_nothing_either(tool: Tool) -> None:
    tool.ok("up", "--quiet")
    tool.ok("snapshot", "save", "funded")
    tool.ok("down")
    assert tool.run("snapshot", "load", "funded", **{ENVIRONMENT: "load.begun"}).code == -9
    assert tool.run("up").code == ExitCode.STATE_UNUSABLE
    tool.ok("gc")
    tool.ok("snapshot", "load", "funded")
    assert tool.ok("up", "--json").json["changed"] is True


@BY_NIGHT_ON_CONTAINERS
async def test_a_save_that_is_killed_leaves_no_snapshot_and_up_lets_the_market_go_on(either: Tool) -> None:
    either.ok("up", "--quiet")
    with either.running("snapshot", "save", "funded", "--json") as process:
        assert process.stderr is not None
        assert any('"kind":"drained"' in line for line in process.stderr)
        process.kill()
        process.communicate(timeout=30)
    either.ok("up", "--quiet")
    assert either.ok("clock", "show", "--json").json["mode"] == "running"
    assert either.ok("snapshot", "list", "--json").json == []
    rows = either.ok("gc", "--json").json["leftovers"]
    assert [row["kind"] for row in rows] == ["snapshot"]
    assert either.ok("gc", "--json").json["leftovers"] == []
    assert either.ok("smoke", "--json").json["ok"] is True


@BY_NIGHT_ON_CONTAINERS
def test_a_snapshot_outlives_down_and_makes_the_sandbox_again(either: Tool) -> None:
    either.ok("up", "--quiet")
    either.ok("smoke", "--json")
    either.ok("down", "--keep-data")
    saved = either.ok("snapshot", "save", "funded", "--json").json
    assert (saved["running"], saved["market"]) == (False, None)
    assert either.leftovers() == []
    either.ok("down")
    assert either.ok("gc", "--json").json["leftovers"] == []
    loaded = either.ok("snapshot", "load", "funded", "--name", "other", "--from", "default")
    assert "tradectl up --name other starts it" in loaded.out
    assert either.leftovers() == []
    either.ok("up", "--quiet", "--name", "other", TRADECTL_BACKEND="")
    counted = either.ok("audit", "--settled", "--json", "--name", "other").json
    assert counted["clean"] is True
    assert counted["counted"]["orders.fills"] > 0
    assert either.ok("smoke", "--json", "--name", "other").json["ok"] is True
    (listed,) = either.ok("snapshot", "list", "--all", "--json").json
    assert (listed["name"], listed["sandbox"], listed["backend"]) == ("funded", "default", either.backend)
    assert "funded" in either.ok("snapshot", "list").out
    either.ok("snapshot", "rm", "funded")
    assert either.run("snapshot", "load", "funded").code == ExitCode.NOT_FOUND


@BY_NIGHT_ON_CONTAINERS
def test_reset_begins_anew_with_the_same_settings_and_ports(either: Tool) -> None:
    either.ok("up", "--quiet", "--seed", "5")
    either.ok("smoke", "--json")
    either.ok("clock", "pause")
    either.ok("snapshot", "save", "kept")
    ports = either.ports()
    assert either.ok("reset", "--json").json["running"] is True
    assert either.ports() == ports
    clock = either.ok("clock", "show", "--json").json
    assert clock["mode"] == "running"
    assert clock["now"] < "2024-08-08T07:11:00"
    report = either.ok("audit", "--settled", "--json").json
    assert (report["clean"], report["counted"]["orders.orders"], report["counted"]["venue.executions"]) == (True, 0, 0)
    assert either.ok("smoke", "--json").json["ok"] is True
    assert json.loads((either.sandbox() / "settings.json").read_text())["seed"] == 5
    either.ok("snapshot", "load", "kept")
    assert either.ok("clock", "show", "--json").json["mode"] == "paused"
    either.ok("down", "--keep-data")
    assert either.ok("reset", "--yes", "--json").json["running"] is False
    either.ok("up", "--quiet")
    assert either.ports() == ports
    assert either.ok("audit", "--settled", "--json").json["counted"]["orders.orders"] == 0
    either.ok("reset", "--yes", "--at", "2024-08-08T12:00:00Z", "--paused", "--set", "orders.max_open=1")
    clock = either.ok("clock", "show", "--json").json
    assert (clock["mode"], clock["now"][:16]) == ("paused", "2024-08-08T12:00")
    settings = json.loads((either.sandbox() / "settings.json").read_text())
    assert (settings["seed"], settings["limits"], settings["backend"]) == (1, {"orders.max_open": "1"}, either.backend)


def altered(tool: Tool, **fields: object) -> None:
    file = tool.home / "snapshots" / "default" / "funded" / "snapshot.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **fields}))


def test_what_does_not_fit_is_refused_before_anything_is_touched(tool: Tool) -> None:
    for verb in (["snapshot", "save", "funded"], ["reset", "--yes"]):
        assert tool.run(*verb).code == ExitCode.NOT_FOUND
    tool.ok("up", "--quiet", "--only", "chat")
    host = tool.ready("host")
    tool.ok("snapshot", "save", "funded")
    assert tool.ready("host") != host
    host = tool.ready("host")
    again = tool.run("snapshot", "save", "funded")
    assert again.code == ExitCode.CONFLICT
    assert "--force" in again.err
    copy = tool.home / "copy"
    shutil.copytree(tool.home / "snapshots" / "default" / "funded", copy)
    for fields, said in (
        ({"backend": "containers"}, "of the backend containers"),
        ({"tradectl": "0.0.1"}, "of tradectl 0.0.1"),
        ({"schema": {"chat": "0009_far"}}, "chat are at 0009_far"),
    ):
        altered(tool, **fields)
        result = tool.run("snapshot", "load", "funded")
        plain = " ".join(result.err.split())  # however the lines fall
        assert (result.code, said in plain) == (ExitCode.CONFLICT, True), result.err
        shutil.copy(copy / "snapshot.json", tool.home / "snapshots" / "default" / "funded")
    os.truncate(tool.home / "snapshots" / "default" / "funded" / "data" / "chat.db", 100)
    damaged = tool.run("snapshot", "load", "funded")
    assert (damaged.code, "data/chat.db" in damaged.err) == (ExitCode.STATE_UNUSABLE, True)
    assert tool.run("snapshot", "save", "../funded").code == ExitCode.USAGE
    assert tool.run("snapshot", "load", "unknown").code == ExitCode.NOT_FOUND
    assert tool.ready("host") == host, "it ran on"
    tool.ok("snapshot", "save", "funded", "--force")
    tool.ok("snapshot", "load", "funded")


@pytest.mark.night
def test_servers_of_others_are_copied_and_put_back_too(tmp_path: Path) -> None:
    tool = Tool(tmp_path / "home", "external")
    with owned(tmp_path / "owner") as servers:
        tool.ok("up", "--quiet", **servers.urls())
        tool.ok("smoke", "--json")
        fills = tool.ok("audit", "--settled", "--json").json["counted"]["orders.fills"]
        tool.ok("snapshot", "save", "funded")
        tool.ok("smoke", "--json")
        tool.ok("snapshot", "load", "funded")
        report = tool.ok("audit", "--settled", "--json").json
        assert (report["clean"], report["counted"]["orders.fills"]) == (True, fills)
        assert tool.ok("smoke", "--json").json["ok"] is True
        tool.ok("reset", "--yes")
        assert tool.ok("audit", "--settled", "--json").json["counted"]["orders.fills"] == 0
        tool.ok("down")
    assert tool.leftovers() == []
