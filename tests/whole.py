"""A sandbox on containers behind a real Envoy, and all that watches it, on loopback: all is real but Grafana."""

import json
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker

from tests import envoys, monitors
from tests.e2e.tool import Tool
from tests.observability import jaeger, loki, program
from tests.watching import Watch, watching
from tradectl.probes.telemetry import ask
from tradectl.stack.containers.addresses import free
from tradectl.stack.containers.owner import HOME, ROLE
from tradectl.stack.containers.servers import RABBITMQ_PLUGINS
from tradectl.telemetry.stores import Addresses, Stores

RABBITMQ_PAGE = 15_692
"""In its container."""
STARTS_WITHIN, ENDS_WITHIN = 300, 30


@dataclass(frozen=True)
class Whole:
    """Who watches, with the sandbox; addresses of what it has told all that it does."""

    watch: Watch
    loki: str
    jaeger: str

    @property
    def tool(self) -> Tool:
        return self.watch.tool

    @property
    def stores(self) -> Stores:
        return Stores(Addresses(jaeger=self.jaeger, prometheus=self.watch.prometheus, loki=self.loki))

    def measured(self, query: str) -> list[Any]:
        """The vector that Prometheus answers with."""
        found: list[Any] = ask("prometheus", self.watch.prometheus, "/api/v1/query", {"query": query})["data"]["result"]
        return found

    def jobs(self, query: str) -> set[str]:
        """Whose series they are."""
        return {each["metric"]["job"] for each in self.measured(query)}

    def logging(self) -> set[str]:
        """Services of which Loki has lines."""
        return set(ask("loki", self.loki, "/loki/api/v1/label/service_name/values").get("data") or ())

    def tracing(self) -> set[str]:
        """Services of which Jaeger has spans."""
        return set(ask("jaeger", self.jaeger, "/api/services").get("data") or ())


def need() -> None:
    """Skip, or fail where an engine is required, where one of the programs is missing."""
    envoys.need()
    for kind in (*monitors.IMAGES, *monitors.EXPORTERS):
        monitors.need(kind)
    for name in ("jaeger", "loki"):
        program(name)


@contextmanager
def watched(tool: Tool, folder: Path, use: Callable[[], None]) -> Iterator[Whole]:
    """All of it from nothing to nothing, on the containers backend; ``use`` is what is done there at first."""
    with ExitStack() as stack:
        traces, otlp = stack.enter_context(jaeger(folder))
        logs = stack.enter_context(loki(folder))
        told = {"OTEL_EXPORTER_OTLP_ENDPOINT": otlp, "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": f"{logs}/otlp/v1/logs"}
        with tool.running("up", "--quiet", **told) as up:
            assert up.wait(STARTS_WITHIN) == 0, up.communicate()[1]
        pages = stack.enter_context(servers(tool, folder))
        beside = [word for name, address in pages for word in ("--server", f"{name}={address}")]
        audits = stack.enter_context(auditing(tool))
        watch = stack.enter_context(watching(tool, folder / "watching", *beside, "--audit-port", str(audits)))
        use()
        yield Whole(watch, logs, traces)


@contextmanager
def servers(tool: Tool, folder: Path) -> Iterator[list[tuple[str, str]]]:
    """Pages of the servers and of Envoy, by name: ``host:port``."""
    passwords = json.loads((tool.sandbox() / "passwords.json").read_text(encoding="utf-8"))
    ports = json.loads((tool.sandbox() / "infrastructure.json").read_text(encoding="utf-8"))["containers"]
    with ExitStack() as stack:
        cache = monitors.redis_exporter(folder, ports["redis"]["port"], passwords["redis"])
        pages = [("rabbitmq", rabbitmq(tool)), ("redis", stack.enter_context(cache))]
        for role in ("primary", "replica"):
            database = monitors.mysqld_exporter(folder, ports[role]["port"], passwords["root"])
            pages.append(("mysql", stack.enter_context(database)))
        yield [*pages, ("envoy", stack.enter_context(edge(tool)))]


def rabbitmq(tool: Tool) -> str:
    """Its page, switched on as an operator would."""
    container = server(tool, "rabbitmq")
    both = "[rabbitmq_management,rabbitmq_prometheus]."
    ensure = f'rabbit_plugins:ensure("{RABBITMQ_PLUGINS}").'
    for command in (f"echo '{both}' > {RABBITMQ_PLUGINS}", f"rabbitmqctl eval '{ensure}'"):
        code, said = container.exec_run(["sh", "-c", command])
        assert code == 0, said
    networks: Mapping[str, Any] = container.attrs["NetworkSettings"]["Networks"]
    return f"{next(iter(networks.values()))['IPAddress']}:{RABBITMQ_PAGE}"


def server(tool: Tool, role: str) -> Any:
    """The container of a server of the sandbox."""
    labels = [f"{HOME}={tool.home}", f"{ROLE}={role}"]
    (found,) = docker.from_env().containers.list(all=True, filters={"label": labels})
    return found


@contextmanager
def edge(tool: Tool) -> Iterator[str]:
    """A real Envoy before the sandbox; ``host:port`` of its metrics."""
    with tool.running("edge", "run", "--port", "0", "--json") as running:
        assert running.stdout is not None
        line = running.stdout.readline()
        assert line, running.communicate()[1]
        try:
            yield str(json.loads(line)["metrics"]).removeprefix("http://").removesuffix("/metrics")
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(timeout=ENDS_WITHIN)


@contextmanager
def auditing(tool: Tool) -> Iterator[int]:
    """Audits again and again; the port of their page."""
    (port,) = free(1)
    with tool.running("audit", "--watch", "--every", "5", "--metrics", str(port)) as running:
        assert running.stdout is not None
        assert running.stdout.readline(), running.communicate()[1]
        yield port
