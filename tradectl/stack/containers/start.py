"""From a recipe to a container that runs: adopted, woken, or made."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.containers import fresh, sockets
from tradectl.stack.containers.engine import explained
from tradectl.stack.containers.owner import SPEC, Owner, foreign
from tradectl.stack.containers.servers import Server
from tradectl.stack.ports import LOOPBACK, holder

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

RESTART = {"Name": "on-failure", "MaximumRetryCount": 5}
"""A server that crashes is back by itself; one that somebody stops is not, nor after a restart of the machine."""
LOG_FILES = {"max-size": "10m", "max-file": "2"}
UNMADE = {"created", "dead", "removing"}
"""What a start that was cut off leaves: it may lack its files."""


def running(client: "DockerClient", owner: Owner, server: Server) -> "Container":
    """The server's container, which runs; its data are those of its volume whatever container it has."""
    name = owner.name(server.role)
    with explained(f"start {name}"):
        found = _existing(client, name)
        if found is not None and not owner.owns(found.labels):
            raise foreign("container", name, found.labels)
        if found is not None and (found.status in UNMADE or found.labels.get(SPEC) != server.spec):
            found.remove(force=True, v=True)
            found = None
        if found is None:
            return _made(owner, server)
        _wake(found, server)
        return found


def _existing(client: "DockerClient", name: str) -> "Container | None":
    from docker.errors import NotFound

    try:
        return client.containers.get(name)
    except NotFound:
        return None


def _wake(found: "Container", server: Server) -> None:
    if found.status == "paused":
        found.unpause()
    elif found.status != "running":
        _started(found, server)


def _made(owner: Owner, server: Server) -> "Container":
    from docker.errors import APIError
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.network import Network

    network = Network()
    network.name = owner.name()
    options: dict[str, Any] = {
        "entrypoint": server.entrypoint,
        "user": server.user,
        "hostname": server.role,
        "labels": {**owner.labels(server.role), SPEC: server.spec},
        "restart_policy": RESTART,
        "log_config": {"type": "json-file", "config": LOG_FILES},
    }
    container = DockerContainer(
        server.image,
        env=dict(server.environment),
        name=owner.name(server.role),
        volumes=_mounted(owner, server),
        network=network,
        network_aliases=[server.role],
        transferables=[(content, path, 0o644) for path, content in server.files.items()],
        **options,
    )
    if server.command:
        container.with_command(list(server.command))
    container.ports = _published(server.ports)
    try:
        container.start()
    except APIError as error:
        raise _port_taken(server, error) or error from error
    return container.get_wrapped_container()


def _mounted(owner: Owner, server: Server) -> list[tuple[str, str, str]]:
    mounts = ((owner.name(server.role), server.data), (server.fresh, fresh.INSIDE), (server.sockets, sockets.INSIDE))
    return [(what, where, "rw") for what, where in mounts if what and where]


def _published(ports: Mapping[int, int]) -> Any:
    """On loopback alone, which Testcontainers' own method cannot say."""
    return {f"{inside}/tcp": (LOOPBACK, port) for inside, port in ports.items()}


def _started(found: "Container", server: Server) -> None:
    from docker.errors import APIError

    try:
        found.start()
    except APIError as error:
        raise _port_taken(server, error) or error from error


def _port_taken(server: Server, error: Exception) -> TradectlError | None:
    """The same as of a part's port, where that is what the engine complains of."""
    said = str(getattr(error, "explanation", error))
    for port in server.ports.values():
        if f":{port}" in said and ("allocated" in said or "in use" in said):
            who = holder(port) or "another process"
            hint = "end that process, or let the sandbox choose anew: tradectl up --new-ports"
            return TradectlError(f"port {port} of {server.role} is taken by {who}", hint, ExitCode.PORT_TAKEN)
    return None
