"""What a scenario is run against: a sandbox of this machine, or a door somewhere else."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tradectl.audit.snapshot import Sources
from tradectl.errors import ExitCode, TradectlError
from tradectl.hold.hold import Hold, hold, hold_elsewhere
from tradectl.probes import http
from tradectl.scenario.failures import Broke
from tradectl.stack.backends.backend import Backend
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.state import Sandbox
from tradectl.trader.failures import Failed

ADMIN = "admin@tradectl.invalid"


@dataclass(frozen=True)
class Target:
    """``sandbox`` is None elsewhere; then nothing but the door is there, and ``parts`` where they are named."""

    door: str
    backend: str = "remote"
    mail: str = ""
    sandbox: Sandbox | None = None
    push: str = ""
    parts: Sources | None = None

    @property
    def here(self) -> Sandbox:
        """The sandbox; Failed where there is none."""
        if self.sandbox is None:
            raise Failed(f"{self.door} is not on this machine")
        return self.sandbox

    def held_by(self) -> Backend:
        """The backend of the sandbox."""
        return backend_of(self.here)

    def sources(self) -> Sources:
        """What an audit reads."""
        if self.parts is not None:
            return self.parts
        return Sources.of(self.held_by().endpoints(), self.here.keys(), self.here.losses)

    def clock(self, change: dict[str, Any] | None = None) -> dict[str, Any]:
        """Market time and how it goes, after the change if there is one."""
        where = self.parts.endpoints["clock.http"] if self.parts else self.held_by().endpoint("clock")
        url = f"{where}/clock"
        try:
            answer = http.request("GET" if change is None else "PUT", url, body=change)
            document: dict[str, Any] = answer.json()
        except http.UnreachableError as error:
            raise Broke(f"the clock: {error}") from error
        if answer.status >= 400:
            raise Failed(f"the clock refused {change}: {document.get('detail')}")
        return document

    def held(self) -> AbstractContextManager[Hold]:
        """Market time in the hands of a scenario that is held."""
        return hold_elsewhere(self.parts.endpoints, self.parts.key) if self.parts else hold(self.here)

    def lost(self) -> str:
        """What is missing of the sandbox, or of the door elsewhere; empty when it answers."""
        try:
            door = self.door if self.sandbox is None else self.held_by().endpoint("bff")
            answer = http.get(f"{door}/live")  # elsewhere an ingress may keep that page to itself
        except (TradectlError, http.UnreachableError) as error:
            return str(error)
        return "" if answer.status < (400 if self.sandbox else 500) else f"the BFF answered {answer.status}"


def elsewhere(url: str, mail: str | None = None, parts: Sources | None = None) -> Target:
    """The BFF at a URL, with or without /api/v1, a mail gateway, and all parts where they are named.

    TradectlError where one of them is no URL.
    """
    mail = mail or (parts.endpoints.get("mail.http") if parts else None)
    for name, given in (("--target", url), ("--mail", mail)):
        address = urlsplit(given or url)
        if address.scheme not in {"http", "https"} or not address.hostname:
            hint = f"{name} https://bff.example.com"
            raise TradectlError(f"{name} {given} is no address of a web server", hint, ExitCode.USAGE)
    return Target(url.rstrip("/").removesuffix("/api/v1"), mail=(mail or "").rstrip("/"), parts=parts)


def here(sandbox: Sandbox) -> Target:
    """A sandbox that is up."""
    backend = backend_of(sandbox)
    found = backend.endpoints()
    return Target(found["bff.http"], backend.name, found["mail.http"], sandbox, found.get("push.http", ""))
