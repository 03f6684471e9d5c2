"""Taking down by label what a sandbox has in the engine, and seeing that it is gone."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.containers.engine import connect, explained
from tradectl.stack.containers.owner import ROLE, ROLES, filters
from tradectl.stack.state import Sandbox

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

Thing = TypeVar("Thing")
Filter = Mapping[str, list[str]]
STOP_WITHIN = 3
"""Seconds for a server whose data stay to end in an orderly way; its data stand a kill as well."""
STATES = {"running": "running", "restarting": "running", "paused": "paused"}


def observe(sandbox: Sandbox) -> Mapping[str, str]:
    """The state of each server by role: running, paused, exited or absent."""
    with explained("list containers"):
        found = _containers(connect(), sandbox)
        states = {each.labels[ROLE]: STATES.get(each.status, "exited") for each in found}
    return {role: states.get(role, "absent") for role in ROLES}


def take_down(sandbox: Sandbox, *, keep_data: bool) -> None:
    """Remove the sandbox's containers and network, and its volumes unless they are kept; LEFT_BEHIND when one stays."""
    client = connect()
    remove(client, filters(sandbox), keep_data=keep_data)
    sandbox.infrastructure.unlink(missing_ok=True)
    if left := list(remains(client, filters(sandbox), keep_data=keep_data)):
        hint = "`tradectl gc` tries again; `docker ps -a` shows what holds it"
        raise TradectlError(f"left behind: {', '.join(left)}", hint, ExitCode.LEFT_BEHIND)


def remove(client: "DockerClient", wanted: Filter, *, keep_data: bool) -> None:
    """All that bears these labels: containers first, because they hold the rest."""
    with explained("remove containers"):
        containers = client.containers.list(all=True, filters=dict(wanted), ignore_removed=True)
        if keep_data:
            _each(containers, _stop)
        _each(containers, lambda container: container.remove(force=True, v=True))
    with explained("remove networks"):
        _each(client.networks.list(filters=dict(wanted)), lambda network: network.remove())
    if not keep_data:
        with explained("remove volumes"):
            _each(client.volumes.list(filters=dict(wanted)), lambda volume: volume.remove(force=True))


def remains(client: "DockerClient", wanted: Filter, *, keep_data: bool) -> Iterator[str]:
    """What bears these labels still."""
    with explained("list what is left"):
        for container in client.containers.list(all=True, filters=dict(wanted), ignore_removed=True):
            yield f"container {container.name}"
        for network in client.networks.list(filters=dict(wanted)):
            yield f"network {network.name}"
        for volume in [] if keep_data else client.volumes.list(filters=dict(wanted)):
            yield f"volume {volume.name}"


def _containers(client: "DockerClient", sandbox: Sandbox) -> "list[Container]":
    return client.containers.list(all=True, filters=dict(filters(sandbox)), ignore_removed=True)


def _stop(container: "Container") -> None:
    if container.status == "paused":
        container.unpause()
    container.stop(timeout=STOP_WITHIN)


def _each(things: Iterable[Thing], act: Callable[[Thing], None]) -> None:
    """Side by side; what has gone meanwhile is done."""
    from docker.errors import NotFound

    def try_one(thing: Thing) -> None:
        try:
            act(thing)
        except NotFound:
            return

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(try_one, things))
