"""What a child gives to its parts."""

import json
from pathlib import Path

from tests.unit.tradectl.stack.manifests import CONSUMER, LIVE, PRODUCER
from tradectl.stack.children import HOST, in_one
from tradectl.stack.resources import Charge, resources_of
from tradectl.stack.settings import RunSettings
from tradectl.stack.state import Sandbox
from tradectl.stack.topology import of


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
