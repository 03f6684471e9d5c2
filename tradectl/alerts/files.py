"""The files that Prometheus and Alertmanager are started with: those of compose/, and those that watch one sandbox."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from tradectl.alerts.scrape import EVERY, prometheus
from tradectl.alerts.targets import ALERTMANAGER, ENVOY, PROMETHEUS, Job, of_ports, servers
from tradectl.alerts.telling import Ways, alertmanager
from tradectl.render.chat import HOOK, TOKEN, hook, token
from tradectl.render.compose.auditing import AUDIT, PORT
from tradectl.render.compose.links import SCALE, containers, own
from tradectl.render.wiring import HTTP, world_ports
from tradectl.stack.ports import LOOPBACK
from tradectl.stack.topology import Topology

WRITTEN = Path(__file__).parents[2] / "compose" / "observability"
"""Rules and templates, by hand; in compose/ also what is generated."""
SERVERS = {
    ENVOY: ("envoy:9902",),
    "rabbitmq": ("rabbitmq:15692",),
    "redis": ("redis-exporter:9121",),
    "mysql": ("mysqld-exporter:9104",),
}
TELEMETRY = {
    PROMETHEUS: ("localhost:9090",),
    ALERTMANAGER: ("alertmanager:9093",),
    "loki": ("loki:3100",),
    "jaeger": ("jaeger:8888",),
    AUDIT: (f"{own(AUDIT)}:{PORT}",),
    "node": ("node-exporter:9100",),
}


def of_compose(topology: Topology) -> dict[str, str]:
    """The text of each generated file below compose/observability, by its path there."""
    world = world_ports(topology)
    ways = Ways(
        smtp=f"sim:{world['mail.smtp']}",
        telegram=f"http://sim:{world['chatops.http']}/telegram",
        token_file=f"/run/secrets/{TOKEN}",
        hook_file=f"/run/secrets/{HOOK}",
    )
    return {
        "prometheus/prometheus.yml": prometheus(_compose_jobs(topology, world), TELEMETRY[ALERTMANAGER][0]),
        "alertmanager/alertmanager.yml": alertmanager(ways),
    }


def _compose_jobs(topology: Topology, world: Mapping[str, int]) -> Iterator[Job]:
    """A service's copies listen in its own network, each by a name of its own."""
    for part in topology.services:
        copies = tuple(f"{own(container)}:{HTTP}" for container in containers(part.name, SCALE))
        yield Job(name=part.name, kind=part.kind, addresses=copies)
    yield from of_ports(topology, world, "sim")
    yield from servers(SERVERS)
    yield from servers(TELEMETRY, "telemetry")


def for_sandbox(
    folder: Path,
    topology: Topology,
    ports: Mapping[str, int],
    watchers: Mapping[str, int],
    *,
    beside: Mapping[str, tuple[str, ...]] | None = None,
    every: str = EVERY,
) -> list[Path]:
    """Write all that watches a sandbox on loopback into a folder.

    ``watchers`` are the ports of what is itself looked at beside the parts: ``prometheus`` and ``alertmanager``, and
    where they run ``audit`` (`tradectl audit --watch`) and ``node`` (the node exporter, which tells of backups, too).
    ``beside`` are pages of Envoy, of servers and their exporters: ``envoy``, ``rabbitmq``, ``redis``, ``mysql``.
    The bot's token and Slack's hook are made anew: the simulated chat takes any that is of its form.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for room, name in ((PROMETHEUS, "rules"), (ALERTMANAGER, "templates")):
        shutil.copytree(WRITTEN / room / name, folder / name, dirs_exist_ok=True)
    chat = f"http://{LOOPBACK}:{ports['chatops.http']}"
    quick = every != EVERY
    ways = Ways(
        smtp=f"{LOOPBACK}:{ports['mail.smtp']}",
        telegram=f"{chat}/telegram",
        token_file=str(folder / TOKEN),
        hook_file=str(folder / HOOK),
        wait=every if quick else Ways.wait,
        again=every if quick else Ways.again,
    )
    watching = {name: (f"{LOOPBACK}:{port}",) for name, port in watchers.items()}
    jobs = [*of_ports(topology, ports), *servers(beside or {}), *servers(watching, "telemetry")]
    texts = {
        "prometheus.yml": prometheus(jobs, *watching[ALERTMANAGER], every=every),
        "alertmanager.yml": alertmanager(ways),
        TOKEN: token(),
        HOOK: hook(chat),
    }
    return written(folder, texts, mode=0o600)


def written(folder: Path, texts: Mapping[str, str], *, mode: int = 0o644) -> list[Path]:
    """Texts by their paths below a folder, as files; who may read them if they are new."""
    found = [folder / name for name in texts]
    for path, text in zip(found, texts.values(), strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=mode)
        path.write_text(text, encoding="utf-8")
    return found
