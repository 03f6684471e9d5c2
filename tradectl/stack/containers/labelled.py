"""What bears our labels in the engine: containers, networks, volumes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from tradectl.stack.containers.engine import explained

if TYPE_CHECKING:
    from docker import DockerClient

Kind = Literal["container", "network", "volume"]
Filter = Mapping[str, list[str]]
STOP_WITHIN = 3
"""Seconds for a server whose data stay to end in an orderly way; its data stand a kill as well."""


@dataclass(frozen=True)
class Thing:
    """``status`` is a container's; ``itself`` Docker's object."""

    kind: Kind
    name: str
    labels: Mapping[str, str]
    status: str = ""
    itself: Any = field(default=None, repr=False, compare=False)


def things(client: "DockerClient", wanted: Filter) -> Iterator[Thing]:
    """All that bears these labels, what holds others before what is held."""
    with explained("list what it has of tradectl"):
        for container in client.containers.list(all=True, filters=dict(wanted), ignore_removed=True):
            yield Thing("container", str(container.name), container.labels, container.status, container)
        for network in client.networks.list(filters=dict(wanted)):
            yield Thing("network", str(network.name), network.attrs.get("Labels") or {}, itself=network)
        for volume in client.volumes.list(filters=dict(wanted)):
            yield Thing("volume", volume.name, volume.attrs.get("Labels") or {}, itself=volume)


def remove(found: Iterable[Thing], *, gently: bool) -> None:
    """Remove them, those of a kind side by side; gently, what runs is told to end first."""
    by_kind: dict[Kind, list[Thing]] = {"container": [], "network": [], "volume": []}
    for thing in found:
        by_kind[thing.kind].append(thing)
    if gently:
        _each("stop", by_kind["container"], _stop)
    _each("remove", by_kind["container"], lambda thing: thing.itself.remove(force=True, v=True))
    _each("remove", by_kind["network"], lambda thing: thing.itself.remove())
    _each("remove", by_kind["volume"], lambda thing: thing.itself.remove(force=True))


def _stop(thing: Thing) -> None:
    if thing.status == "paused":
        thing.itself.unpause()
    thing.itself.stop(timeout=STOP_WITHIN)


def _each(doing: str, found: list[Thing], act: Callable[[Thing], None]) -> None:
    from docker.errors import NotFound

    def try_one(thing: Thing) -> None:
        with explained(f"{doing} the {thing.kind} {thing.name}"):
            try:
                act(thing)
            except NotFound:  # it has gone meanwhile, and that is what is wanted
                return

    with ThreadPoolExecutor(len(found) or 1) as threads:
        list(threads.map(try_one, found))
