"""Traces, metrics and one order's life, of a platform without a container; and the developer's terminal on it."""

import asyncio
from typing import Any

import pytest

from tests.e2e.tool import Tool
from tests.eventually import eventually
from tradectl.errors import ExitCode

HOST = "host"


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
    assert set(life["services"]) == {"bff", "orders", "broker", "portfolio"}
    names = [step["name"] for step in life["steps"]]
    assert names[0] == "POST /api/v1/orders"
    assert {"FIX NewOrderSingle", "FIX ExecutionReport, trade", "order report", "booked"} <= set(names)
    assert [step["at_ms"] for step in life["steps"]] == sorted(step["at_ms"] for step in life["steps"])


def test_the_traces_of_an_order_are_found_by_its_id_and_drawn(platform: Tool, order: str) -> None:
    (trace,) = platform.ok("traces", "--order", order, "--json").json["items"]
    assert trace["name"] == "POST /api/v1/orders"
    drawn = platform.ok("traces", trace["id"]).out
    assert "POST /orders" in drawn
    assert "█" in drawn


def test_what_is_not_kept_is_said_with_the_next_step(platform: Tool) -> None:
    for command in (["traces", "0" * 32], ["explain", "nothing"], ["metrics", "nothing"], ["traces", "--run", "then"]):
        result = platform.run(*command)
        assert result.code == ExitCode.NOT_FOUND
        assert "mend" in result.err


def test_metrics_say_what_the_process_and_its_services_do(platform: Tool, order: str) -> None:
    def measured() -> dict[str, Any] | None:
        items = platform.ok("metrics", "--json").json["items"]
        found = {f"{item['part']} {item['name']}": item for item in items if item["now"] is not None}
        return found if "orders order_fill_seconds p50" in found else None

    found = asyncio.run(eventually(measured, 40.0, every=0.5))
    assert found["host process_resident_memory_bytes"]["now"] > 2**20
    assert 0 < found["orders order_fill_seconds p50"]["now"] < 2.5


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
