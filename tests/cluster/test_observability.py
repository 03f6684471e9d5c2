"""Prometheus finds an environment's pods, lines and spans arrive, and who has to know is told."""

import json
from collections.abc import Iterator

import pytest

from tests.cluster.watched import Watching, options, read
from tests.clusters import Cluster, Namespace
from tests.e2e.tool import Tool
from tests.eventually import eventually
from tradectl.render.wiring import world_ports
from tradectl.stack.topology import platform

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1200)]
NAMESPACE = "watching-dev"


@pytest.fixture(scope="module")
def dev(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Namespace]:
    """The platform with its exporters; it tells of itself to a namespace of this test's."""
    namespace = Namespace(cluster, "watched-dev", tmp_path_factory.mktemp("watched"))
    try:
        namespace.install("data", "lab", beside=("mysqld_exporter", "redis_exporter"))
        namespace.install("chart", "dev", "lab", told=options(NAMESPACE))
        yield namespace
    finally:
        namespace.remove()


@pytest.fixture(scope="module")
def watching(dev: Namespace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watching]:
    made = Watching(dev.cluster, NAMESPACE, dev.name, tmp_path_factory.mktemp("watching"))
    try:
        yield made
    finally:
        made.remove()


async def test_every_part_says_how_it_is_and_of_which_environment(watching: Watching) -> None:
    parts = {service.name for service in platform().services} | {
        "venue",
        "clock",
        "envoy",
        "rabbitmq",
        "redis",
        "mysql",
    }

    def up() -> bool:
        found = watching.asked("up == 1")
        here = {each["metric"]["job"] for each in found if each["metric"].get("environment") == watching.environment}
        return parts | {"audit"} <= here

    await eventually(up, 120, every=2)
    assert not watching.asked('up{environment!=""} == 0')
    rules = watching.asked("count(ALERTS) or vector(0)")
    assert rules


async def test_lines_and_spans_of_a_trade_arrive(watching: Watching, dev: Namespace, tool: Tool) -> None:
    with dev.forwarded("sim", world_ports(platform())["mail.http"]) as mail:
        tool.ok("smoke", "--target", dev.door(), "--mail", mail, "--cacert", str(dev.authority), "--json")
    query = {"query": f'{{service_name="orders", deployment_environment_name="{dev.name}"}} |= "request"'}
    with watching.forwarded("loki", 3100) as loki, watching.forwarded("jaeger", 16686) as jaeger:
        await eventually(lambda: read(f"{loki}/loki/api/v1/query_range", query)["data"]["result"], 60, every=1)
        await eventually(lambda: "orders" in read(f"{jaeger}/api/services")["data"], 60, every=1)


async def test_an_alert_is_told_by_mail_with_its_environment(watching: Watching, dev: Namespace) -> None:
    watching.fires("Rehearsed", job="bff", environment=dev.name)
    with dev.forwarded("sim", world_ports(platform())["mail.http"]) as mail:
        await eventually(lambda: f"Rehearsed in bff of {dev.name}" in json.dumps(read(f"{mail}/messages")), 60, every=1)


def test_prometheus_sees_pods_and_may_nothing_else(watching: Watching, dev: Namespace) -> None:
    who = f"--as=system:serviceaccount:{watching.name}:prometheus"
    asked = (("list", "pods"), ("delete", "pods"), ("get", "secrets"), ("list", "services"), ("get", "configmaps"))
    assert [(verb, what) for verb, what in asked if dev.cluster.may(verb, what, dev.name, who)] == [("list", "pods")]
