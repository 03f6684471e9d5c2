"""Faults of whole processes and servers: the supervisor does and ends them, or has a keeper do so."""

import secrets
from collections.abc import Mapping

from services.contracts.faults import LONGEST, Fault, Kind
from services.contracts.faults.fault import Value
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack import desired, disturbed
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.backends.local import not_up
from tradectl.stack.control import meant
from tradectl.stack.state import Sandbox


class Processes:
    """The children of one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def add(self, kind: Kind, parameters: Mapping[str, Value], seconds: float) -> Fault:
        """Kill or stop a child; TradectlError when it shares its process with others."""
        with self._sandbox.exclusively():
            if not self._sandbox.in_use():
                raise not_up(self._sandbox)
            part = self._suffering(kind, parameters)
            began = disturbed.now()
            fault = Fault(
                id=secrets.token_hex(4),
                kind=kind.name,
                part=part,
                parameters=parameters,
                seed=0,
                began=began,
                until=began + round(min(seconds, LONGEST) * 1e6),
            )
            disturbed.keep(self._sandbox, [*disturbed.read(self._sandbox), fault])
        desired.tell(self._sandbox)
        return fault

    def _suffering(self, kind: Kind, parameters: Mapping[str, Value]) -> str:
        """The child, or the server; TradectlError when there is none that could suffer it alone."""
        backend = backend_of(self._sandbox)
        if kind.home == "supervisor":
            return meant(self._sandbox, backend.layout(), str(parameters["service"]))[0].name
        if backend.name not in kind.backends:
            raise impossible(kind, backend.name)
        service, server = parameters.get("service"), parameters.get("server")
        schemas = [part.name for part in backend.layout().topology.services if part.database]
        if service is not None and service not in schemas:
            raise TradectlError(f"{service} has no schema", f"one of: {', '.join(schemas)}", ExitCode.NOT_FOUND)
        if server is not None and server not in backend.servers():
            known = ", ".join(backend.servers())
            raise TradectlError(f"there is no server {server!r}", f"one of: {known}", ExitCode.NOT_FOUND)
        return str(server or ("redis" if kind.name == "cache.flush" else "primary"))

    def active(self) -> list[Fault]:
        """Those that have not ended."""
        return disturbed.read(self._sandbox) if self._sandbox.in_use() else []

    def clear(self, id: str | None) -> list[Fault]:
        """End one, or all."""
        with self._sandbox.exclusively():
            known = disturbed.read(self._sandbox)
            ended = [fault for fault in known if id in {None, fault.id}]
            if ended:
                disturbed.keep(self._sandbox, [fault for fault in known if fault not in ended])
        desired.tell(self._sandbox)
        return ended


def impossible(kind: Kind, backend: str) -> TradectlError:
    """Why a server cannot suffer it on this backend."""
    why = "needs servers in containers, which the backend {} has not"
    if backend == "compose":
        why = "speaks with a server's port, which the backend {} keeps to itself"
    hint = "`tradectl up --backend containers --name ...` starts a sandbox that has them"
    return TradectlError(f"{kind.name} {why.format(backend)}", hint, ExitCode.CONFLICT)
