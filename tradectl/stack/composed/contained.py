"""A container as the child that stands for it sees it, and as its supervisor disturbs it."""

import signal
from typing import TYPE_CHECKING

from tradectl.errors import TradectlError
from tradectl.stack.children import Child
from tradectl.stack.composed.naming import container_name, owner_of
from tradectl.stack.containers import labelled
from tradectl.stack.containers.engine import connect, explained
from tradectl.stack.containers.owner import ROLE, filters
from tradectl.stack.process import Process
from tradectl.stack.state import Sandbox
from tradectl.stack.warm import load as entry

if TYPE_CHECKING:
    from docker.models.containers import Container

CONTAINER_OF = "tradectl.render.compose.sandbox:container_of"
DOES = {signal.SIGSTOP: "pause", signal.SIGCONT: "unpause", signal.SIGKILL: "kill"}
ALIVE = {"pause": "running", "unpause": "paused", "kill": "running"}
"""The state in which a container must be for each of these."""


def found(sandbox: Sandbox, child: str) -> "Container | None":
    """The container of a child; None while it was not made."""
    from docker.errors import NotFound

    name = container_name(owner_of(sandbox).name(), str(entry(CONTAINER_OF)(child)))
    with explained(f"look for {name}"):
        try:
            return connect().containers.get(name)
        except NotFound:
            return None


class Contained(Process):
    """A child whose container stands still, goes on and dies with it."""

    def __init__(self, child: Child, ports: tuple[str, ...], sandbox: Sandbox) -> None:
        super().__init__(child, ports)
        self._sandbox = sandbox

    def signal(self, number: signal.Signals) -> None:
        does = DOES.get(number)
        if does and self.pid is not None:
            self._have(does)
        if does in {None, "kill"}:
            super().signal(number)

    def _have(self, does: str) -> None:
        """An engine that gives no answer is no reason to end: the child sees it too."""
        try:
            container = found(self._sandbox, self.name)
            if container is not None and container.status == ALIVE[does]:
                with explained(f"{does} {container.name}"):
                    getattr(container, does)()
        except TradectlError as error:
            self.ended = error.message


def addresses(sandbox: Sandbox) -> dict[str, str]:
    """Of each server that runs, by its role: the engine's machine reaches them on whatever network."""
    at = dict[str, str]()
    for each in labelled.things(connect(), filters(sandbox)):
        if each.kind == "container" and ROLE in each.labels and each.status == "running":
            networks = each.itself.attrs["NetworkSettings"]["Networks"].values()
            at[each.labels[ROLE]] = next(network["IPAddress"] for network in networks)
    return at
