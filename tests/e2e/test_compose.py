"""The platform as containers: the backend that drives them, and `docker compose up` with all that watches them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import boto3
import docker
import pytest

from tests.composing import FILE, need, without_compose, without_image
from tests.e2e import life
from tests.e2e.tool import Tool
from tradectl.probes import http
from tradectl.probes.eventually import eventually
from tradectl.stack.containers.addresses import free
from tradectl.telemetry.stores import Addresses, Stores

pytestmark = [pytest.mark.night, pytest.mark.timeout(1_200)]

LABEL = "com.docker.compose.project"
PROFILES = ("core", "telemetry", "backup")
PAGES = ("HTTPS", "MAIL", "JAEGER", "OTLP", "LOKI", "PROMETHEUS", "ALERTMANAGER", "S3")
WITHIN = 600
"""Seconds for all containers to be healthy, on two processors that others use too."""
ARRIVES_WITHIN = 90.0
"""Seconds: Prometheus looks four times a minute, Jaeger decides about a trace after five seconds."""
SUBNETS = "10.214"
"""Beside a platform of this machine's own."""
THROUGH_ENVOY = {"edge ingress": life.STEP, life.ORDER: "edge ingress", **life.CHAIN}
"""Who is whose child."""


@dataclass(frozen=True)
class Project:
    """compose.yaml under a name, with ports and secrets of its own."""

    name: str
    folder: Path
    ports: dict[str, int]

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "COMPOSE_PROJECT_NAME": self.name,
            "TRADECTL_SUBNETS": SUBNETS,
            "TRADECTL_SECRETS_FOLDER": str(self.folder / "secrets"),
            "TRADECTL_CERTS_FOLDER": str(self.folder / "certs"),
            "JAEGER_SHARE": "100",
            **{f"TRADECTL_PORT_{page}": str(port) for page, port in self.ports.items()},
        }
        return {**os.environ, **own}

    @property
    def tool(self) -> Tool:
        return Tool(self.folder / "home")

    @property
    def door(self) -> tuple[str, ...]:
        """Options by which the tool finds it."""
        target, mail = f"https://localhost:{self.ports['HTTPS']}", self.page("MAIL")
        return "--target", target, "--mail", mail, "--cacert", str(self.folder / "certs" / "authority.pem")

    @property
    def stores(self) -> Stores:
        return Stores(Addresses(jaeger=self.page("JAEGER"), loki=self.page("LOKI"), prometheus=self.page("PROMETHEUS")))

    def page(self, name: str) -> str:
        return f"http://localhost:{self.ports[name]}"

    def measured(self, query: str) -> float | None:
        """What Prometheus answers, all series together; None while that is nothing."""
        answer = http.request("GET", f"{self.page('PROMETHEUS')}/api/v1/query", query={"query": query}).json()
        return sum(float(each["value"][1]) for each in answer["data"]["result"]) or None

    def compose(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        profiles = [word for profile in PROFILES for word in ("--profile", profile)]
        command = ["docker", "compose", "--file", str(FILE), *profiles, *arguments]
        return subprocess.run(
            command, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

    def address(self, container: str) -> str:
        """Of the first of its networks."""
        engine = docker.from_env()
        try:
            found = engine.containers.get(f"{self.name}-{container}-1").attrs["NetworkSettings"]["Networks"]
        finally:
            engine.close()
        return str(next(each["IPAddress"] for each in found.values()))

    def left(self) -> list[str]:
        """Everything in the engine that is of this project."""
        engine, mine = docker.from_env(), f"{LABEL}={self.name}"
        try:
            containers = [each.name for each in engine.containers.list(all=True, filters={"label": mine})]
            networks = [each.name for each in engine.networks.list(filters={"label": mine})]
            volumes = [each.name for each in engine.volumes.list(filters={"label": mine})]
        finally:
            engine.close()
        return [str(name) for name in (*containers, *networks, *volumes)]


def test_compose_takes_the_file_as_it_is() -> None:
    need(without_compose())
    checked = subprocess.run(
        ["docker", "compose", "--file", str(FILE), "--profile", "full", "config", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stderr) == (0, "")


def test_on_the_compose_backend_a_killed_container_is_back_by_itself_and_the_books_agree(on_compose: Tool) -> None:
    tool = on_compose
    shown = tool.ok("ps", "--json").json
    assert shown["backend"] == "compose"
    assert all(each["memory_mib"] > 40 for each in shown["children"]), shown["children"]
    refuses(tool)
    assert tool.ok("smoke", "--json").json["ok"] is True
    engine = docker.from_env()
    mine = engine.containers.list(filters={"label": f"tradectl.home={tool.home}"})
    portfolio = next(each for each in mine if "-portfolio-" in str(each.name))
    portfolio.kill()
    engine.close()
    restarted(tool)
    assert tool.ok("audit", "--settled", "--json").json["clean"] is True


def refuses(tool: Tool) -> None:
    """What cannot be done to containers that speak with each other alone is said, with who can."""
    for words in (
        ("fault", "add", "database.read_only", "--for", "5s"),
        ("fault", "add", "cache.flush"),
        ("fault", "add", "network.latency", "--between", "orders,primary", "--for", "5s"),
        ("snapshot", "save", "here"),
        ("reset", "--yes"),
    ):
        refused = tool.run(*words)
        assert refused.code != 0, words
        assert "containers" in refused.err, (words, refused.err)


def restarted(tool: Tool) -> None:
    """Wait until portfolio is ready again."""

    def back() -> bool | None:
        shown = tool.ok("ps", "--json").json
        child = next(each for each in shown["children"] if each["name"] == "portfolio")
        return True if shown["up"] and child["restarts"] else None

    eventually(back, 60, what="portfolio ready again")


@pytest.fixture(scope="module")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """All of it but Grafana, from nothing to healthy, and to nothing again."""
    need(without_image())
    folder = tmp_path_factory.mktemp("compose")
    made = Project(f"tradectl-e2e-{os.getpid()}", folder, dict(zip(PAGES, free(len(PAGES)), strict=True)))
    made.tool.ok("topology", "secrets", "--to", str(folder / "secrets"))
    made.tool.ok("certs", "make", "--folder", str(folder / "certs"), "--shared")
    up = made.compose("up", "--wait", "--wait-timeout", str(WITHIN))
    try:
        assert up.returncode == 0, up.stderr[-2000:]
        yield made
    finally:
        down = made.compose("down", "--volumes")
    assert (down.returncode, made.left()) == (0, [])


def test_one_order_through_envoy_is_followed_by_its_trace_its_lines_and_its_metrics(composed: Project) -> None:
    told = {"OTEL_EXPORTER_OTLP_ENDPOINT": composed.page("OTLP")}
    assert composed.tool.ok("smoke", *composed.door, "--json", **told).json["ok"] is True
    stores = composed.stores
    spans = eventually(
        lambda: life.whole(stores, THROUGH_ENVOY), ARRIVES_WITHIN, what="an order's whole trace in Jaeger"
    )
    life.agrees(spans, THROUGH_ENVOY, life.STEP)
    lines = stores.lines(trace=spans[0].trace)
    assert {str(line["service"]) for line in lines} >= life.THROUGH
    for query in ("order_fills_total", "order_fill_seconds_count", 'envoy_http_downstream_rq_xx{job="envoy"}'):
        eventually(partial(composed.measured, query), ARRIVES_WITHIN, what=query)


def test_prometheus_reaches_everyone_whom_it_asks(composed: Project) -> None:
    def all_up() -> bool | None:
        answer = http.get(f"{composed.page('PROMETHEUS')}/api/v1/targets").json()
        return all(each["health"] == "up" for each in answer["data"]["activeTargets"]) or None

    eventually(all_up, ARRIVES_WITHIN, what="every target up")


def test_an_audit_goes_on_beside_it_and_this_machines_disks_are_looked_at(composed: Project) -> None:
    for query in ("audit_last_run_timestamp_seconds", 'node_filesystem_avail_bytes{mountpoint="/"}'):
        eventually(partial(composed.measured, query), ARRIVES_WITHIN, what=query)
    assert composed.measured('audit_runs_total{outcome="differs"}') is None


def test_the_standard_scenarios_that_need_no_local_control_hold_through_envoy(composed: Project) -> None:
    scenarios = str(FILE.parents[1] / "scenarios")
    words = ("scenario", "run", scenarios, *composed.door, "--skip-local", "--json")
    with composed.tool.start(*words) as run:
        out, err = run.communicate(timeout=800)
    unlike = [
        (each["name"], each["why"] or each["failure"])
        for each in json.loads(out)["outcomes"]
        if each["status"] in {"failed", "broke"}
    ]
    assert (run.returncode, unlike) == (0, []), err[-3000:]
    assert sum(each["status"] == "held" for each in json.loads(out)["outcomes"]) > 50


def test_a_container_reaches_whom_it_calls_and_nobody_else(composed: Project) -> None:
    reach = "timeout 3 bash -c 'exec 3<>/dev/tcp/{}/8000'"
    assert composed.compose("exec", "chat", "bash", "-c", reach.format("auth.in")).returncode == 0
    for name in ("orders.in", "orders"):
        assert composed.compose("exec", "chat", "bash", "-c", reach.format(name)).returncode != 0, name


def test_the_store_of_backups_keeps_what_it_is_given(composed: Project) -> None:
    key = (composed.folder / "secrets" / "s3_key").read_text(encoding="ascii")
    store = boto3.client(
        "s3",
        endpoint_url=composed.page("S3"),
        region_name="us-east-1",
        aws_access_key_id="tradectl",
        aws_secret_access_key=key,
    )
    store.put_object(Bucket="backups", Key="one", Body=b"kept")
    assert store.get_object(Bucket="backups", Key="one")["Body"].read() == b"kept"


def test_what_compose_runs_comes_back_from_a_backup_by_the_guides_commands(composed: Project) -> None:
    key = str(composed.folder / "backup.key")
    composed.tool.ok("backup", "key", key)
    named = {
        "TRADECTL_HOME": str(composed.folder / "home"),
        "TRADECTL_NAME": "desk",
        "TRADECTL_BACKUP_KEY_FILE": key,
        "TRADECTL_BACKUP_STORE": f"s3://backups/desk?endpoint={composed.page('S3')}",
        "AWS_ACCESS_KEY_ID": "tradectl",
        "AWS_SECRET_ACCESS_KEY": (composed.folder / "secrets" / "s3_key").read_text(encoding="ascii"),
    }
    composed.tool.ok("smoke", *composed.door)
    server = {
        "TRADECTL_BACKUP_DATABASE": f"mysql://root@{composed.address('primary')}",
        "TRADECTL_BACKUP_DATABASE_PASSWORD_FILE": str(composed.folder / "secrets" / "mysql_root"),
    }
    composed.tool.ok("backup", "create", **named, **server)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    restored = subprocess.run(
        [FILE.with_name("restore")],
        env={**composed.environment, **named, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert restored.returncode == 0, restored.stdout + restored.stderr[-2000:]
    assert '"refused":[]' in restored.stdout
    composed.tool.ok("smoke", *composed.door)
    audited = composed.compose("run", "--rm", "--no-TTY", "audit", "tradectl", "audit", "--settled", "--json")
    assert json.loads(audited.stdout)["clean"] is True, audited.stdout
