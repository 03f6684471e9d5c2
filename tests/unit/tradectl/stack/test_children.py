"""Which processes hold which parts."""

import pytest

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.children import SIM, apart, in_one, layout_of
from tradectl.stack.settings import RunSettings
from tradectl.stack.topology import NETWORK, PARTS, SERVICES, SIMULATORS, platform


def test_embedded_is_one_process_with_every_part() -> None:
    layout = in_one(platform())
    assert [child.name for child in layout] == ["host"]
    assert tuple(instance.name for instance in layout["host"].instances) == PARTS


def test_apart_the_outside_world_is_one_process_and_each_service_its_own() -> None:
    layout = apart(platform(), {})
    assert [child.name for child in layout] == [SIM, *SERVICES]
    assert tuple(instance.part for instance in layout[SIM].instances) == SIMULATORS
    assert [child.service for child in layout] == [False, *(True for _ in SERVICES)]


def test_what_no_order_waits_for_yields_the_processor_to_what_one_does() -> None:
    layout = apart(platform(), {"notifications": 2})
    assert {child.name for child in layout if not child.nice} == {SIM, "bff", "orders"}
    assert layout["notifications@2"].nice > 0


def test_a_second_instance_has_a_name_and_ports_of_its_own() -> None:
    layout = apart(platform(), {"orders": 2})
    assert [child.name for child in layout.named("orders")] == ["orders", "orders@2"]
    assert [child.name for child in layout.named("orders@2")] == ["orders@2"]
    assert layout.own_ports(layout["orders@2"]) == ("orders@2.http",)
    assert layout.of_part("orders").name == "orders"


def test_ports_are_in_the_order_of_the_parts() -> None:
    assert in_one(platform()).ports == apart(platform(), {}).ports
    assert in_one(platform()).ports[:4] == ("clock.http", "venue.http", "broker.http", "broker.fix")


def test_a_selection_brings_what_it_needs_and_asks() -> None:
    layout = layout_of(RunSettings(only=("orders",), backend="containers"))
    assert [child.name for child in layout] == [SIM, "auth", "market_data", "orders"]


def test_the_outside_world_alone_is_a_selection() -> None:
    layout = layout_of(RunSettings(only=("sim",)))
    assert tuple(instance.name for instance in layout["host"].instances) == SIMULATORS


@pytest.mark.parametrize("backend", ["embedded", "containers"])
def test_the_network_lies_between_the_parts_where_it_is_asked_for(backend: str) -> None:
    layout = layout_of(RunSettings(network_faults=True, backend=backend))
    first = next(iter(layout))
    assert tuple(instance.name for instance in first.instances)[:2] == (NETWORK, "clock")
    assert "network.orders_broker_fix" in layout.ports
    assert NETWORK not in layout_of(RunSettings(backend=backend)).topology.parts


def test_a_selection_of_nobody_is_refused() -> None:
    with pytest.raises(TradectlError) as caught:
        layout_of(RunSettings(only=("nobody",)))
    assert caught.value.exit_code is ExitCode.NOT_FOUND
