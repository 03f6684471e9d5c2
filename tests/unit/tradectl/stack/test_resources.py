"""What a child gives to its parts."""

import json
from pathlib import Path

import pytest

from tests.unit.tradectl.stack.manifests import CONSUMER, LIVE, PRODUCER
from tradectl.stack.children import HOST, in_one, layout_of
from tradectl.stack.resources import Charge, resources_of
from tradectl.stack.settings import RunSettings
from tradectl.stack.state import Sandbox, write_json
from tradectl.stack.topology import of


def urls_of(tmp_path: Path, *, backend: str) -> dict[str, dict[str, str]]:
    """What parts are told of where everything is, with a network between them."""
    sandbox, settings = Sandbox("default", tmp_path), RunSettings(backend=backend, network_faults=True)
    sandbox.create()
    layout = layout_of(settings)
    write_json(sandbox.ports, {name: number for number, name in enumerate(layout.ports, 20_000)})
    write_json(sandbox.infrastructure, {"urls": {service.name: {} for service in layout.topology.services}})
    found: dict[str, dict[str, str]] = {}
    for child in layout:
        charge = Charge(sandbox=sandbox, layout=layout, child=child, settings=settings, sockets=Anything())  # type: ignore[arg-type]
        found |= {each.part: dict(resources_of(charge, each).urls) for each in child.instances}
    return found


@pytest.mark.parametrize("backend", ["embedded", "containers"])
def test_with_a_network_each_caller_finds_the_near_end_of_its_link(tmp_path: Path, backend: str) -> None:
    urls = urls_of(tmp_path, backend=backend)
    near = urls["network"]["network.orders_broker_fix"]
    assert urls["orders"]["broker.fix"] == near != urls["network"]["broker.fix"]
    assert urls["portfolio"]["broker.fix"] == urls["network"]["broker.fix"]
    assert urls["market_data"]["provider.http"].startswith("http://")
    calls = urls["bff"]["orders"]
    assert calls == (
        "asgi://orders" if backend == "embedded" else urls["network"]["network.bff_orders"].replace("tcp", "http")
    )


class Anything(dict[str, None]):
    """A socket of every name."""

    def __missing__(self, _: str) -> None:
        return None


def test_a_part_is_told_which_queues_must_miss_none_of_its_events(tmp_path: Path) -> None:
    sandbox, layout = Sandbox("default", tmp_path), in_one(of([PRODUCER, CONSUMER, LIVE]))
    sandbox.create()
    charge = Charge(
        sandbox=sandbox,
        layout=layout,
        child=layout[HOST],
        settings=RunSettings(),
        sockets=Anything(),  # type: ignore[arg-type]
    )
    told = {each.part: resources_of(charge, each).options["consumers"] for each in layout[HOST].instances}
    assert {part: json.loads(consumers) for part, consumers in told.items()} == {
        "producer": {"order_placed": ["consumer"]},
        "consumer": {},
        "live": {},
    }


def test_a_sandbox_from_before_a_key_was_needed_gets_it_and_keeps_the_others(tmp_path: Path) -> None:
    sandbox = Sandbox("default", tmp_path)
    sandbox.create()
    before = sandbox.keys()
    write_json(sandbox.secrets, {name: key for name, key in before.items() if name != "totp_key"})
    sandbox.create()
    after = sandbox.keys()
    assert after.keys() == before.keys()
    assert {name for name in after if after[name] != before[name]} == {"totp_key"}
