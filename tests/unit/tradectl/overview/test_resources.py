"""Processes, parts and servers in one list."""

import pytest

from tradectl.overview.resources import listed, share, steered
from tradectl.stack.children import apart, in_one
from tradectl.stack.status import ChildStatus, PartStatus, SandboxStatus
from tradectl.stack.topology import platform

HOST, APART = in_one(platform()), apart(platform(), {"orders": 2})


def status(**fields: object) -> SandboxStatus:
    usual: dict[str, object] = {
        "name": "mine",
        "up": True,
        "backend": "embedded",
        "root": "/",
        "pid": 1,
        "memory_mib": 100.0,
        "restarts": 3,
        "children": [ChildStatus("host", "running", 2, 100.0, 3, "", "was killed")],
        "parts": [PartStatus("orders", "service", "degraded", {"fix": "lost"}, {"orders.http": "http://h:1"})],
        "servers": {},
    }
    return SandboxStatus(**{**usual, **fields})  # type: ignore[arg-type]


def test_a_part_has_the_cost_of_the_process_that_holds_it() -> None:
    process, part = listed(status(), HOST, lambda _: 12.5, "1.0")
    assert (process.name, process.health, process.restarts) == ("host", "was killed", 3)
    assert (part.state, part.health) == ("degraded", "fix: lost")
    assert (part.restarts, part.cpu, part.memory_mib, part.version) == (3, 12.5, 100.0, "1.0")


def test_a_process_that_is_one_service_is_listed_once() -> None:
    child = ChildStatus("orders", "running", 2, 50.0, 0, "", "")
    found = listed(status(children=[child], servers={"mysql": "running"}), APART, lambda _: None, "1.0")
    assert [(each.name, each.kind) for each in found] == [("orders", "service"), ("mysql", "server")]


def test_on_embedded_the_one_process_is_steered_and_no_part_alone() -> None:
    process, part = listed(status(), HOST, lambda _: None, "1.0")
    assert (process.steers, part.steers, part.home) == (["host"], [], "host")
    assert {"venue", "orders", "bff"} <= set(process.holds)


def test_on_containers_a_service_is_steered_with_all_its_instances_and_a_simulator_is_not() -> None:
    assert steered(APART, "orders") == ["orders", "orders@2"]
    assert steered(APART, "orders@2") == ["orders@2"]
    assert (steered(APART, "venue"), steered(APART, "sim")) == ([], ["sim"])


def test_how_busy_a_process_is_is_known_from_the_second_look_on() -> None:
    assert share(None, (1.0, 10.0)) is None
    assert share((1.0, 10.0), (2.0, 12.0)) == pytest.approx(50.0)
