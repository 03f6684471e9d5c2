"""Where a fault of some kind lives in a sandbox: the pages of the parts that suffer it."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.contracts.faults import Fault, Kind
from services.contracts.faults.fault import Value
from sim.network.manifest import SERVERS
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes import http
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.children import Layout
from tradectl.stack.state import Sandbox
from tradectl.stack.topology import NETWORK

PAGE = "/internal/faults"
PATIENCE = 2.0
"""Seconds for a part to answer."""


class Places:
    """The parts of one running sandbox, by the names of their instances."""

    def __init__(self, sandbox: Sandbox) -> None:
        backend = backend_of(sandbox)
        self.layout: Layout = backend.layout()
        self._endpoints = backend.endpoints()
        self._backend = backend.name
        self._key = sandbox.keys()["key"]

    @property
    def all(self) -> tuple[str, ...]:
        """Every instance that has a page."""
        named = (instance.name for child in self.layout for instance in child.instances)
        return tuple(name for name in named if f"{name}.http" in self._endpoints)

    def suffering(self, kind: Kind, parameters: Mapping[str, Value]) -> tuple[str, ...]:
        """The instances that a fault of this kind is told to; TradectlError when there are none."""
        part = str(parameters["service"]) if kind.part == "service" else kind.part
        found = tuple(name for name in self.all if part in {name, name.partition("@")[0]})
        services = [each.name for each in self.layout.topology.services]
        if kind.part == "service" and part.partition("@")[0] not in services:
            raise TradectlError(f"there is no service {part!r}", f"one of: {', '.join(services)}", ExitCode.NOT_FOUND)
        if not found:
            hint = "`tradectl ps` lists the parts that are there"
            if part == NETWORK:
                hint = "`tradectl up --network-faults` lays one between the parts; `tradectl down --keep-data` first"
            if kind.backends and self._backend not in kind.backends:
                hint = "`tradectl up --backend containers --network-faults --name ...` starts a sandbox that has one"
            raise TradectlError(f"{part} is not part of this sandbox", hint, ExitCode.NOT_FOUND)
        between = {each.strip() for each in str(parameters.get("between", "")).split(",")}
        if between & SERVERS.keys() and self._backend != "containers":
            what = f"no network leads to the {min(between & SERVERS.keys())} of the backend {self._backend}"
            hint = "`tradectl up --backend containers --network-faults --name ...` starts a sandbox that has one"
            raise TradectlError(what, hint, ExitCode.CONFLICT)
        return found

    def add(self, name: str, wish: Mapping[str, Any]) -> Fault:
        """Begin a fault in one instance; TradectlError when it refuses."""
        answer = self._ask("POST", name, body=wish)
        if answer.status != 201:
            said = answer.json()
            raise TradectlError(str(said.get("detail", said)), "`tradectl fault kinds` says how", ExitCode.BAD_INPUT)
        return _named(answer.json(), name)

    def active(self, name: str) -> list[Fault]:
        """What an instance suffers now."""
        return [_named(each, name) for each in self._ask("GET", name).json()["items"]]

    def clear(self, name: str, id: str | None) -> list[Fault]:
        """End one fault of an instance, or all; those that were ended."""
        return [_named(each, name) for each in self._ask("DELETE", name, id=id).json()["items"]]

    def _ask(self, method: str, name: str, *, body: object = None, id: str | None = None) -> http.Answer:
        url = f"{self._endpoints[f'{name}.http']}{PAGE}"
        query = {"id": id} if id else None
        try:
            return http.request(
                method, url, query=query, body=body, headers={"x-internal-key": self._key}, timeout=PATIENCE
            )
        except http.UnreachableError as error:
            raise TradectlError(f"no answer: {error}", "`tradectl ps` says how it is", ExitCode.NOT_UP) from error


def _named(document: Mapping[str, Any], name: str) -> Fault:
    """The fault with the name of its instance, which the part itself does not know."""
    return Fault(**{**document, "part": name})


def each_of(found: Mapping[str, list[Fault]]) -> Iterator[Fault]:
    """All of them, the oldest first."""
    yield from sorted((fault for faults in found.values() for fault in faults), key=lambda fault: fault.began)
