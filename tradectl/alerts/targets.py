"""Who is scraped: a job a part or server, a target a copy of it."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.ports import LOOPBACK
from tradectl.stack.topology import Topology

PROMETHEUS, ALERTMANAGER = "prometheus", "alertmanager"
ENVOY, EDGE = "envoy", "edge"
ADDRESS = re.compile(r"[^\s/:]+:\d{1,5}")


@dataclass(frozen=True, kw_only=True)
class Job:
    """``kind`` is ``service``, ``simulator``, ``server``, ``edge`` or ``telemetry``: rules tell them apart by it.

    ``addresses`` are ``host:port``.
    """

    name: str
    kind: str
    addresses: tuple[str, ...]
    path: str = "/metrics"

    def document(self) -> dict[str, Any]:
        """As prometheus.yml has it."""
        path = {} if self.path == "/metrics" else {"metrics_path": self.path}
        targets = [{"targets": list(self.addresses), "labels": {"kind": self.kind}}]
        return {"job_name": self.name, **path, "static_configs": targets}


def of_ports(topology: Topology, ports: Mapping[str, int], host: str = LOOPBACK) -> Iterator[Job]:
    """Every part of a sandbox that holds these ports, each of its copies."""
    for part in topology:
        copies = [port for name, port in sorted(ports.items()) if is_door_of(part.name, name)]
        if copies:
            yield Job(name=part.name, kind=part.kind, addresses=tuple(f"{host}:{port}" for port in copies))


def is_door_of(part: str, name: str) -> bool:
    """Whether ``name`` is the part's own HTTP port, or that of a further copy (``orders@2.http``)."""
    owner, _, port = name.rpartition(".")
    return port == "http" and owner.partition("@")[0] == part


def servers(addresses: Mapping[str, Iterable[str]], kind: str = "server") -> Iterator[Job]:
    """What is not of the topology: servers' own pages and exporters, by name."""
    for name, found in addresses.items():
        yield Job(name=name, kind=EDGE if name == ENVOY else kind, addresses=tuple(found))


def named(words: Iterable[str], taken: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
    """``NAME=HOST:PORT`` words; a name that comes again has several. TradectlError for what is none, or is taken."""
    found: dict[str, tuple[str, ...]] = {}
    for word in words:
        name, _, address = word.partition("=")
        if not (name.isidentifier() and ADDRESS.fullmatch(address)) or name in taken:
            hint = "a server's name, which no part has, and where its page of metrics is: redis=127.0.0.1:9121"
            raise TradectlError(f"{word!r} is no server's page", hint, ExitCode.BAD_INPUT)
        found[name] = (*found.get(name, ()), address)
    return found
