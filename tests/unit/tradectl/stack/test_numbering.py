"""Fixed ports."""

from pathlib import Path

import pytest

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.children import layout_of
from tradectl.stack.numbering import Ports, choose, numbered
from tradectl.stack.ports import remembered
from tradectl.stack.settings import RunSettings
from tradectl.stack.state import Sandbox, write_json

ALL = layout_of(RunSettings(backend="containers"))


@pytest.fixture
def place(tmp_path: Path) -> Sandbox:
    made = Sandbox("default", tmp_path)
    made.create()
    return made


def test_ports_are_numbered_in_the_order_of_the_parts_then_the_servers_then_more_instances() -> None:
    numbers = numbered(layout_of(RunSettings(backend="containers", scale={"orders": 2})), 20_000)
    assert list(numbers.values()) == list(range(20_000, 20_000 + len(numbers)))
    assert (numbers["clock.http"], numbers["bff.http"]) == (20_000, 20_016)
    assert (numbers["primary.mysql"], numbers["orders@2.http"]) == (20_017, 20_022)


def test_a_part_has_the_same_number_whatever_else_is_started() -> None:
    few = layout_of(RunSettings(only=("orders",)))
    assert numbered(few, 20_000)["orders.http"] == numbered(ALL, 20_000)["orders.http"]


@pytest.mark.parametrize("base", [0, 80, 65_400])
def test_a_number_that_leaves_no_room_is_refused(base: int) -> None:
    with pytest.raises(TradectlError) as caught:
        numbered(ALL, base)
    assert caught.value.exit_code is ExitCode.USAGE


def test_the_numbers_are_what_the_next_start_takes(place: Sandbox) -> None:
    choose(place, ALL, Ports(base=20_000), running=False)
    assert remembered(place.ports)["orders.http"] == 20_011
    assert remembered(place.server_ports)["redis.redis"] == 20_021


def test_a_sandbox_that_runs_keeps_its_ports(place: Sandbox) -> None:
    choose(place, ALL, Ports(base=20_000), running=False)
    choose(place, ALL, Ports(base=20_000), running=True)
    with pytest.raises(TradectlError) as caught:
        choose(place, ALL, Ports(base=20_001), running=True)
    assert caught.value.exit_code is ExitCode.CONFLICT


def test_other_ports_are_chosen_when_that_is_asked_for(place: Sandbox) -> None:
    write_json(place.ports, {"orders.http": 1})
    choose(place, ALL, Ports(), running=False)
    assert place.ports.exists()
    choose(place, ALL, Ports(anew=True), running=True)
    assert place.ports.exists(), "of a sandbox that runs"
    choose(place, ALL, Ports(anew=True), running=False)
    assert not place.ports.exists()
