"""Traces, metrics and one order's life, of a platform without a container; and the developer's terminal on it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import DataTable, RichLog, Static

from tests.e2e.tool import TRADECTL, Tool
from tests.eventually import eventually
from tests.terminals import PROMPT, terminal
from tradectl.dash.app import Dash
from tradectl.errors import ExitCode
from tradectl.overview.facts import Facts
from tradectl.stack.state import Sandbox

START = 60.0
"""Seconds for a process to be as wanted."""


@pytest.fixture(scope="module")
def order(platform: Tool) -> str:
    """One that was filled and booked."""
    platform.ok("smoke", "--json")

    def booked() -> str | None:
        told = platform.ok("traces", "--limit", "1000", "--json").json["items"]
        whole = [trace for trace in told if trace["orders"] and "portfolio" in trace["services"]]
        return str(whole[0]["orders"][0]) if whole else None

    return asyncio.run(eventually(booked, every=0.2))


def test_an_order_is_explained_through_every_service_on_one_time_axis(platform: Tool, order: str) -> None:
    life = platform.ok("explain", order, "--json").json
    assert (life["status"], life["missing"]) == ("filled", {})
    assert set(life["services"]) >= {"bff", "orders", "broker", "portfolio"}
    names = [step["name"] for step in life["steps"]]
    assert names[0].startswith("step "), "smoke's own, of which the request comes"
    assert {
        "POST /api/v1/orders",
        "FIX NewOrderSingle",
        "FIX ExecutionReport, trade",
        "order report fill",
        "booked",
    } <= set(names)
    assert [step["at_ms"] for step in life["steps"]] == sorted(step["at_ms"] for step in life["steps"])


def test_the_traces_of_an_order_are_found_by_its_id_and_drawn(platform: Tool, order: str) -> None:
    (trace,) = platform.ok("traces", "--order", order, "--json").json["items"]
    assert trace["name"].startswith("step "), "smoke's own"
    drawn = platform.ok("traces", trace["id"]).out
    assert "POST /orders" in drawn
    assert "█" in drawn


def test_what_is_not_kept_is_said_with_the_next_step(platform: Tool) -> None:
    for command in (["traces", "0" * 32], ["explain", "nothing"], ["metrics", "nothing"], ["traces", "--run", "then"]):
        result = platform.run(*command)
        assert result.code == ExitCode.NOT_FOUND
        assert "mend" in result.err


def test_metrics_say_what_the_process_and_its_services_do(platform: Tool) -> None:
    def measured() -> dict[str, Any] | None:
        platform.ok("smoke", "--json")  # of the time between two looks at the metrics nothing is known without an order
        items = platform.ok("metrics", "--json").json["items"]
        found = {f"{item['part']} {item['name']}": item for item in items if item["now"] is not None}
        return found if "orders order_fill_seconds p50" in found else None

    found = asyncio.run(eventually(measured, 40.0, every=0.5))
    assert found["host process_resident_memory_bytes"]["now"] > 2**20
    assert 0 < found["orders order_fill_seconds p50"]["now"] < 2.5


async def test_the_dash_draws_what_runs_and_explores_an_order(platform: Tool, order: str) -> None:
    app = Dash(Facts(Sandbox("default", platform.sandbox())))
    async with app.run_test(size=(160, 48)) as pilot:
        await eventually(lambda: {"host", "orders", "venue"} <= set(column(app, "resources", 0)))
        assert set(column(app, "resources", 1)) <= {"ready", "running"}
        await pilot.press("2")
        await eventually(lambda: app.query_one("#lines", RichLog).lines)
        await pilot.press("5")
        await eventually(lambda: {"outbox", "queue"} & set(" ".join(column(app, "queues", 3)).split()))
        await pilot.press("6")
        await eventually(lambda: column(app, "sessions", 0) == ["broker", "orders"])
        await pilot.press("7")
        await eventually(lambda: "market time" in str(app.query_one("#clock", Static).render()))
        await pilot.press("8", "slash", *order, "enter")
        await eventually(lambda: "FIX NewOrderSingle" in str(app.query_one("#life", Static).render()))


async def test_in_a_real_terminal_it_speaks_russian_draws_without_colours_and_leaves_nothing_behind(
    platform: Tool, tmp_path: Path
) -> None:
    with terminal(tmp_path, 120, 36, **platform.environment) as shell:
        await shell.shows(PROMPT)
        before = shell.modes, shell.tty
        shell.run(str(TRADECTL), "dash", "--language", "ru")
        await shell.shows(r"host +running")
        shell.press("7")
        await shell.shows("рыночное время")
        shell.press("q")
        await shell.shows(f"ended=0\n{PROMPT}")
        assert (shell.modes, shell.tty) == before


async def test_what_the_dash_offers_on_embedded_is_true(tool: Tool) -> None:
    """One process holds everything: it is stopped, started and restarted, and no part of it alone."""
    tool.ok("up", "--quiet")
    app = Dash(Facts(Sandbox("default", tool.sandbox())))
    async with app.run_test(size=(160, 48)) as pilot:
        await eventually(lambda: "running" in column(app, "resources", 1))
        before = tool.ready("host")
        await pilot.press("down", "x", "r", "s")
        assert "one process, host, holds all parts" in str(app.query_one("#chosen", Static).render())
        assert len(app.screen_stack) == 1
        await pilot.press("up", "x", "y")
        await eventually(lambda: set(column(app, "resources", 1)) == {"stopped"}, START)
        assert tool.children()["host"]["state"] == "stopped"
        await pilot.press("s")
        await eventually(lambda: set(column(app, "resources", 1)) == {"running", "ready"}, START)
        started = tool.ready("host")
        await pilot.press("r", "y")
        await eventually(lambda: tool.ready("host") != started, START)
        assert before != started
        await eventually(lambda: set(column(app, "resources", 1)) == {"running", "ready"}, START)
    assert tool.ok("smoke", "--json").json["ok"] is True


def column(app: Dash, table: str, number: int) -> list[str]:
    found = app.query_one(f"#{table}", DataTable)
    return [str(found.get_row_at(row)[number]) for row in range(found.row_count)]


def test_a_run_is_kept_when_its_sandbox_is_gone(tool: Tool) -> None:
    tool.ok("up", "--quiet")
    tool.ok("smoke", "--json")
    tool.ok("down")
    orders = [
        order for trace in tool.ok("traces", "--limit", "1000", "--json").json["items"] for order in trace["orders"]
    ]
    life = tool.ok("explain", orders[0], "--json").json
    assert "booked" in [step["name"] for step in life["steps"]]
    assert list(life["missing"]) == ["fix"]


def test_a_run_that_nobody_wants_is_not_recorded(tool: Tool) -> None:
    tool.ok("up", "--quiet", TRADECTL_TELEMETRY="off")
    assert tool.run("traces").code == ExitCode.NOT_FOUND
    assert not (tool.home / "telemetry").exists()
