"""The four servers of a sandbox, from whatever is there to all of them ready."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.contracts.manifest import ServiceManifest
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.containers import addresses, answers, fresh, ground, infrastructure, sockets
from tradectl.stack.containers.engine import connect, explained
from tradectl.stack.containers.images import keep, missing, pull, settled, used
from tradectl.stack.containers.owner import Owner, Role, home_of
from tradectl.stack.containers.passwords import Passwords, passwords
from tradectl.stack.containers.servers import Server, servers
from tradectl.stack.containers.start import running
from tradectl.stack.containers.waiting import Waiting
from tradectl.stack.events import StackEvent
from tradectl.stack.state import Sandbox

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

Listener = Callable[[StackEvent], None]
TIMEOUT = 120.0
ALIVE = {"running", "restarting", "created"}
LAST_WORDS = 3
"""Lines of a dead server's log that an error quotes."""
ATTEMPTS = 3
"""How often ports are chosen when somebody else was faster."""


def bring_up(
    sandbox: Sandbox, services: Sequence[ServiceManifest], listen: Listener, *, timeout: float = TIMEOUT
) -> None:
    """Have the four servers ready and infrastructure.json written, whatever was there before.

    What runs is adopted, what stopped is started again on its ports and its data, what is missing is made.
    """
    bringing = Bringing.of(sandbox, services, listen, timeout)
    for attempt in range(1, ATTEMPTS + 1):
        fresh = not addresses.path(sandbox).exists()
        try:
            bringing.run(addresses.given(sandbox))
        except TradectlError as error:
            if error.exit_code is not ExitCode.PORT_TAKEN or not fresh or attempt == ATTEMPTS:
                raise
            addresses.forget(sandbox)
        else:
            return


@dataclass(frozen=True)
class Bringing:
    """What all attempts share."""

    client: "DockerClient"
    sandbox: Sandbox
    services: Sequence[ServiceManifest]
    secrets: Passwords
    owner: Owner
    listen: Listener
    timeout: float

    @classmethod
    def of(cls, sandbox: Sandbox, services: Sequence[ServiceManifest], listen: Listener, timeout: float) -> "Bringing":
        secrets = passwords(sandbox, [service.name for service in services if service.database])
        owner = Owner(sandbox.name, home_of(sandbox), secrets.life)
        return cls(connect(), sandbox, services, secrets, owner, one_at_a_time(listen), timeout)

    def run(self, ports: Mapping[str, int]) -> None:
        """Have them ready on these ports."""
        images = settled(used(self.sandbox))
        if absent := missing(self.client, images):
            pull(self.client, absent, self.listen)
        keep(self.sandbox, images)
        vhost = self.sandbox.name
        schemas = [service.name for service in self.services if service.database]
        folders = sockets.folders(self.client, self.sandbox)
        unused = fresh.volume(self.client, images["percona"])
        recipes = servers(images, ports, self.secrets, schemas, vhost, folders, unused)
        ground.network(self.client, self.owner)
        ground.volumes(self.client, self.owner, [recipe.role for recipe in recipes if recipe.data])
        waiting = Waiting(self.timeout)
        containers: dict[Role, Container] = {}

        def bring(recipe: Server) -> None:
            began = time.monotonic()
            self.listen(StackEvent(kind="starting", part=recipe.role))
            container = containers[recipe.role] = running(self.client, self.owner, recipe)
            self._await(waiting, recipe, container, answers.probe(recipe.role, ports, self.secrets, vhost))
            self.listen(StackEvent(kind="ready", part=recipe.role, seconds=time.monotonic() - began))

        waiting.side_by_side([lambda recipe=recipe: bring(recipe) for recipe in recipes])  # type: ignore[misc]
        made = {recipe.role: (str(containers[recipe.role].id), recipe.image) for recipe in recipes}
        urls = infrastructure.urls(self.services, ports, self.secrets, vhost, sockets.answering(folders))
        infrastructure.write(self.sandbox, urls, made, ports)

    def _await(self, waiting: Waiting, recipe: Server, container: "Container", probe: Callable[[], bool]) -> None:
        def check() -> None:
            with explained(f"look at {container.name}"):
                container.reload()
                if container.status not in ALIVE:
                    raise dead(container)

        hint = f"`docker logs {container.name}` says what it does; --timeout gives it longer"
        waiting.until(probe, f"{recipe.role} that is ready", check, hint)


def dead(container: "Container") -> TradectlError:
    """Its last words are in the error: the container may be gone when somebody looks."""
    lines = container.logs(tail=LAST_WORDS).decode(errors="replace").split("\n")
    said = " | ".join(line.strip() for line in lines if line.strip())
    code = container.attrs["State"]["ExitCode"]
    return TradectlError(f"{container.name} ended with {code}: {said}", f"`docker logs {container.name}`")


def one_at_a_time(listen: Listener) -> Listener:
    """Servers come up in threads; who draws progress need not know."""
    lock = threading.Lock()

    def heard(event: StackEvent) -> None:
        with lock:
            listen(event)

    return heard
