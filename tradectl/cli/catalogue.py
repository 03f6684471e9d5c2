"""docs/reference/events.md: every event, who sends it and who takes it, from manifests and contracts alone."""

from collections.abc import Iterator

from services.contracts.event import Event
from tradectl.stack.topology import Topology

INTRODUCTION = """\
An event is published by the service that its manifest says, through that service's outbox. Who takes it applies it
once, in the transaction of its inbox; who follows it live has it while somebody listens and keeps nothing. The JSON of
each version lies in tests/contract/events.
"""


def lines(topology: Topology) -> Iterator[str]:
    """The page's lines."""
    yield from ("# Events", "", INTRODUCTION)
    yield from ("| event | version | from | taken by | live | what it says |", "|---|---|---|---|---|---|")
    for part in topology:
        for event in part.publishes:
            yield f"| {' | '.join(_cells(topology, part.name, event))} |"
    yield ""


def _cells(topology: Topology, producer: str, event: type[Event]) -> tuple[str, ...]:
    takers = [part.name for part in topology if event in part.consumes]
    live = [part.name for part in topology if event in part.live]
    said = " ".join((event.__doc__ or "").split("\n\n", 1)[0].split()).replace("``", "`")
    return f"`{event.name}`", str(event.version), producer, ", ".join(takers), ", ".join(live), said
