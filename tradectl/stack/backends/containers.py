"""A process a service, on servers in containers, which outlive the command that started them."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from services.contracts.manifest import ServiceManifest
from tradectl.stack.backends.backend import Listener
from tradectl.stack.backends.local import Local
from tradectl.stack.events import EventLog, StackEvent
from tradectl.stack.plan import INFRASTRUCTURE, Observed, Plan
from tradectl.stack.settings import RunSettings
from tradectl.stack.state import Sandbox


class Provider(Protocol):
    """Who gives services their servers."""

    def bring_up(self, sandbox: Sandbox, services: Sequence[ServiceManifest], listen: Listener) -> None: ...

    def take_down(self, sandbox: Sandbox, *, keep_data: bool) -> None: ...

    def observe(self, sandbox: Sandbox) -> Mapping[str, str]: ...


class Containers(Local):
    """The containers backend of one sandbox. Docker's library is imported where it is used: it takes its time."""

    name = "containers"

    def provider(self) -> Provider:
        """The module that has the containers made."""
        from tradectl.stack import containers

        return containers

    def servers(self) -> Mapping[str, str]:
        """The state of each server by its role."""
        return self.provider().observe(self.sandbox)

    def observe(self) -> Observed:
        """As the processes say, and the engine."""
        seen = super().observe()
        served = seen.supervisor and self.sandbox.infrastructure.exists() and all_run(self.servers())
        return Observed(supervisor=seen.supervisor, infrastructure=served, parts=seen.parts)

    def apply(self, plan: Plan, settings: RunSettings, listen: Listener) -> None:
        """The supervisor first: it imports while the servers come up, and waits for them."""
        wanted = any(step.subject == INFRASTRUCTURE for step in plan.steps)
        if wanted and not self.sandbox.in_use():
            self.sandbox.infrastructure.unlink(missing_ok=True)
        super().apply(plan, settings, listen)
        if wanted:
            self.provider().bring_up(self.sandbox, self.layout().topology.services, Telling(self, listen))
            EventLog(self.sandbox.events).write(
                StackEvent(kind="ready", part=INFRASTRUCTURE, after=tuple(self.servers()))
            )

    def down(self, *, keep_data: bool) -> bool:
        """The processes, then what they used."""
        ran = super().down(keep_data=keep_data)
        self.provider().take_down(self.sandbox, keep_data=keep_data)
        return ran

    def undo(self, *, keep_data: bool) -> None:
        super().undo(keep_data=keep_data)
        self.provider().take_down(self.sandbox, keep_data=keep_data)


class Telling:
    """Puts the servers' progress into the stream of all, and passes on what came; a failure there ends both."""

    def __init__(self, backend: Containers, listen: Listener) -> None:
        self._backend = backend
        self._log = EventLog(backend.sandbox.events)
        self._listen = listen

    def __call__(self, event: StackEvent) -> None:
        self._log.write(event)
        for each in self._backend.progress():
            self._listen(each)


def all_run(servers: Mapping[str, str]) -> bool:
    """Whether every server is there and runs."""
    return bool(servers) and all(state == "running" for state in servers.values())
