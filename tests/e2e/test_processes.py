"""A process a service, on real servers: each is steered, killed and brought back on its own."""

import json
import os
import signal
from pathlib import Path

import httpx
import pymysql
import pytest
from textual.widgets import DataTable, Static

from tests.e2e.tool import Tool
from tests.e2e.trading import PATIENCE, Place
from tests.eventually import eventually
from tradectl.dash.app import Dash
from tradectl.errors import ExitCode
from tradectl.overview.facts import Facts
from tradectl.stack.ports import answers
from tradectl.stack.state import Sandbox
from tradectl.stack.topology import PARTS, SERVICES
from tradectl.stack.warm import ROOT

SEED = 20241108
READS = 20
CHILDREN = {"sim", *SERVICES}


def pids(tool: Tool) -> dict[str, int]:
    """The processes that are ready; where one is not, its errors are told."""
    missing = [child for child in CHILDREN if not (tool.sandbox() / "ready" / f"{child}.json").exists()]
    assert not missing, tool.ok("logs", "--level", "error", "--json", *missing).out
    return {child: tool.ready(child) for child in CHILDREN}


def others(before: dict[str, int], *children: str) -> dict[str, int]:
    return {child: pid for child, pid in before.items() if child not in children}


def test_each_service_is_a_process_and_ps_shows_them_and_the_servers(processes: Tool) -> None:
    status = processes.ok("ps", "--json").json
    assert (status["backend"], status["up"]) == ("containers", True)
    assert {child["name"]: child["state"] for child in status["children"]} == dict.fromkeys(CHILDREN, "running")
    assert len({child["pid"] for child in status["children"]}) == len(CHILDREN)
    assert {part["name"]: part["state"] for part in status["parts"]} == dict.fromkeys(PARTS, "ready")
    assert set(status["servers"].values()) == {"running"}
    assert all(word in processes.ok("ps").out for word in ("orders", "primary", "redis", "containers"))


def test_smoke_trades_and_the_audit_agrees(processes: Tool) -> None:
    assert processes.ok("smoke", "--json").json["ok"] is True
    assert processes.ok("audit", "--settled", "--json").json["clean"] is True


async def test_what_a_user_reads_comes_from_the_replica(processes: Tool) -> None:
    place = Place(processes)
    async with place.client() as http:
        reader = await place.trader(http, "reader", SEED).enter()
        before = selects(processes, "replica")
        for _ in range(READS):
            await reader.ok("GET", "/portfolio")
    assert selects(processes, "replica") >= before + READS


def selects(tool: Tool, role: str) -> int:
    """Queries that a server has answered so far."""
    server = json.loads((tool.sandbox() / "infrastructure.json").read_text())["containers"][role]
    root = json.loads((tool.sandbox() / "passwords.json").read_text())["root"]
    with (
        pymysql.connect(host="127.0.0.1", port=server["port"], user="root", password=root) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("SHOW GLOBAL STATUS LIKE 'Com_select'")
        row = cursor.fetchone()
        assert row
        return int(row[1])


def test_up_repeated_changes_nothing(processes: Tool) -> None:
    before = pids(processes)
    assert processes.ok("up", "--json").json["changed"] is False
    assert pids(processes) == before


def test_a_restarted_service_is_another_process_and_no_other_is(processes: Tool) -> None:
    before = pids(processes)
    done = processes.ok("restart", "orders", "--json").json
    after = pids(processes)
    assert done["pids"] == {"orders": after["orders"]}
    assert after["orders"] != before["orders"]
    assert others(after, "orders") == others(before, "orders")


def test_a_service_that_is_started_again_imports_nothing(processes: Tool) -> None:
    """The parent has it all: that is what makes it quick."""
    known = (processes.sandbox() / "modules" / "chat.json").read_bytes()
    processes.ok("restart", "chat")
    assert (processes.sandbox() / "modules" / "chat.json").read_bytes() == known
    for child in SERVICES:
        modules = json.loads((processes.sandbox() / "modules" / f"{child}.json").read_text())
        assert modules["imported"] == [], child


def test_a_stopped_service_is_missed_and_comes_back(processes: Tool) -> None:
    processes.ok("stop", "chat")
    assert not answers(processes.ports()["chat.http"])
    states = {part["name"]: part["state"] for part in processes.ok("ps", "--json").json["parts"]}
    assert states["chat"] == "stopped"
    assert states["orders"] == "ready"
    processes.ok("start", "chat")
    assert answers(processes.ports()["chat.http"])
    processes.ok("stop", "chat")
    assert processes.ok("up", "--json").json["changed"] is True, "up starts what was stopped"
    assert processes.children()["chat"]["state"] == "running"


async def test_from_the_dash_a_service_is_stopped_started_and_restarted_alone(processes: Tool) -> None:
    before = pids(processes)
    app = Dash(Facts(Sandbox("default", processes.sandbox())))
    async with app.run_test(size=(160, 60)) as pilot:

        def states() -> dict[str, str]:
            shown = app.query_one("#resources", DataTable)
            rows = (shown.get_row_at(row) for row in range(shown.row_count))
            return {str(row[0]): str(row[1]) for row in rows}

        def to(name: str) -> None:
            app.query_one("#resources", DataTable).move_cursor(row=list(states()).index(name))

        await eventually(lambda: {"primary", "redis", "chat", "sim"} <= states().keys(), PATIENCE)
        to("venue")
        await pilot.press("x", "r")
        assert "the outside world is one process, sim" in str(app.query_one("#chosen", Static).render())
        to("redis")
        await pilot.press("x", "r")
        assert "server.kill" in str(app.query_one("#chosen", Static).render())
        assert len(app.screen_stack) == 1
        to("chat")
        await pilot.press("x", "y")
        await eventually(lambda: states()["chat"] == "stopped", PATIENCE)
        assert not answers(processes.ports()["chat.http"])
        await pilot.press("s")
        await eventually(lambda: states()["chat"] == "ready", PATIENCE)
        started = processes.ready("chat")
        await pilot.press("r", "y")
        await eventually(lambda: processes.ready("chat") != started, PATIENCE)
        await eventually(lambda: states()["chat"] == "ready", PATIENCE)
    assert others(pids(processes), "chat") == others(before, "chat")


def test_an_unknown_service_and_one_that_shares_its_process_are_named(processes: Tool) -> None:
    assert processes.run("restart", "nobody").code == ExitCode.NOT_FOUND
    result = processes.run("restart", "venue")
    assert result.code == ExitCode.CONFLICT
    assert "tradectl restart sim" in result.err


@pytest.mark.parametrize("child", ["auth", "orders", "market_data", "bff", "sim"])
async def test_a_killed_child_is_back_by_itself_and_the_others_are_not_disturbed(processes: Tool, child: str) -> None:
    before, restarts = pids(processes), processes.children()[child]["restarts"]
    os.kill(before[child], signal.SIGKILL)
    assert await eventually(lambda: processes.ready(child) != before[child], PATIENCE)
    assert others(pids(processes), child) == others(before, child)
    told = processes.children()[child]
    assert (told["restarts"], told["ended"]) == (restarts + 1, "was killed")
    assert await eventually(lambda: processes.ok("ps", "--json").json["up"], PATIENCE)


def test_trading_goes_on_after_all_that(processes: Tool) -> None:
    assert processes.ok("smoke", "--json").json["ok"] is True


def test_logs_and_description_of_a_child(processes: Tool) -> None:
    lines = [json.loads(line) for line in processes.ok("logs", "orders", "--json").out.splitlines()]
    assert {line["service"] for line in lines} == {"orders"}
    found = processes.ok("describe", "orders", "--json").json
    assert found["state"] == "ready"
    assert Path(found["log"]).name == "orders.jsonl"


async def test_a_service_runs_in_a_terminal_while_the_rest_stays_as_it_is(processes: Tool) -> None:
    before = pids(processes)
    with processes.running("run", "chat", "--json") as terminal:
        assert await eventually(lambda: processes.children()["chat"]["state"] == "elsewhere", PATIENCE)
        assert await eventually(lambda: processes.ready("chat") == terminal.pid, PATIENCE)
        async with Place(processes).client() as http:
            trader = await Place(processes).trader(http, "ann", SEED).enter()
            assert await trader.ok("GET", "/chat/topics")
        assert processes.run("run", "chat").code == ExitCode.CONFLICT
        terminal.send_signal(signal.SIGINT)
        out, err = terminal.communicate(timeout=30)
    assert terminal.returncode == 0, err
    assert "request" in {json.loads(line)["event"] for line in out.splitlines()}
    assert await eventually(lambda: processes.children()["chat"]["state"] == "running", PATIENCE)
    assert others(pids(processes), "chat") == others(before, "chat")


async def test_the_others_wait_for_a_service_that_a_debugger_holds(processes: Tool) -> None:
    """Else the BFF would have answered after two seconds that the outcome is unknown."""
    with processes.running("run", "chat") as terminal:
        assert await eventually(lambda: processes.ready("chat") == terminal.pid, PATIENCE)
        async with Place(processes).client() as http:
            trader = await Place(processes).trader(http, "bob", SEED).enter()
            os.kill(terminal.pid, signal.SIGSTOP)
            with pytest.raises(httpx.ReadTimeout):
                await http.get("/chat/topics", headers=trader.headers, timeout=4)
            os.kill(terminal.pid, signal.SIGCONT)
            assert await trader.ok("GET", "/chat/topics")
        terminal.send_signal(signal.SIGTERM)
        terminal.communicate(timeout=30)
    assert await eventually(lambda: processes.children()["chat"]["state"] == "running", PATIENCE)


async def test_a_terminal_that_is_killed_gives_its_service_back(processes: Tool) -> None:
    with processes.running("run", "chat") as terminal:
        assert await eventually(lambda: processes.ready("chat") == terminal.pid, PATIENCE)
        terminal.kill()
        terminal.communicate(timeout=30)
    assert await eventually(lambda: processes.children()["chat"]["state"] == "running", PATIENCE)
    assert await eventually(lambda: processes.ok("ps", "--json").json["up"], PATIENCE)


async def test_a_changed_file_restarts_its_service_within_two_seconds(processes: Tool) -> None:
    before, file = pids(processes), ROOT / "services" / "chat" / "app.py"
    with processes.running("up", "--watch", "--json", "--quiet") as watching:
        assert watching.stdout is not None
        assert watching.stderr is not None
        assert "watching" in watching.stderr.readline()
        os.utime(file)
        told = next(json.loads(line) for line in watching.stdout if line.startswith('{"files"'))
        watching.send_signal(signal.SIGINT)
        watching.communicate(timeout=30)
    assert watching.returncode == 0
    assert (told["files"], told["children"], told["error"]) == (["services/chat/app.py"], ["chat"], None)
    assert told["seconds"] < 2
    assert others(pids(processes), "chat") == others(before, "chat")
    assert pids(processes)["chat"] != before["chat"]
    modules = json.loads((processes.sandbox() / "modules" / "chat.json").read_text())
    assert "services.chat.domain" in modules["imported"], "what was changed is read anew"
    assert "services.kernel.service" not in modules["imported"]


def test_nothing_settles_for_a_snapshot_while_a_service_is_stopped(processes: Tool) -> None:
    processes.ok("stop", "chat")
    result = processes.run("snapshot", "save", "funded")
    assert result.code == ExitCode.NOT_UP
    assert "chat of sandbox default is not ready" in result.err
    processes.ok("start", "chat")
    processes.ok("snapshot", "save", "funded")
