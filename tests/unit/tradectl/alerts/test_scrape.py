"""prometheus.yml."""

from pathlib import Path

import pytest
import yaml

from tests.unit.tradectl.stack.manifests import part
from tradectl.alerts.files import WRITTEN, for_sandbox, of_compose
from tradectl.alerts.scrape import prometheus
from tradectl.alerts.targets import Job, named, of_ports
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.topology import of, platform

TOPOLOGY = of([part("orders"), part("chat")])


def test_every_copy_of_a_part_is_a_target_of_its_job() -> None:
    ports = {"orders.http": 1, "orders@2.http": 2, "orders.fix": 3, "chat.http": 4, "unknown.http": 5}
    jobs = {job.name: job.addresses for job in of_ports(TOPOLOGY, ports)}
    assert jobs == {"orders": ("127.0.0.1:1", "127.0.0.1:2"), "chat": ("127.0.0.1:4",)}


def test_a_part_that_was_not_started_is_no_job() -> None:
    assert [job.name for job in of_ports(TOPOLOGY, {"chat.http": 4})] == ["chat"]


def test_a_target_says_of_which_kind_it_is_and_where_its_page_lies() -> None:
    document = Job(name="envoy", kind="edge", addresses=("envoy:9901",), path="/stats/prometheus").document()
    assert document["static_configs"] == [{"targets": ["envoy:9901"], "labels": {"kind": "edge"}}]
    assert document["metrics_path"] == "/stats/prometheus"


def test_how_often_it_looks_is_given() -> None:
    found = yaml.safe_load(prometheus([Job(name="a", kind="server", addresses=("b:1",))], "c:2", every="1s"))
    assert found["global"] == {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
    assert found["alerting"]["alertmanagers"][0]["static_configs"] == [{"targets": ["c:2"]}]


def test_what_compose_runs_is_scraped_every_part_of_it() -> None:
    found = yaml.safe_load(of_compose(platform())["prometheus/prometheus.yml"])
    jobs = {job["job_name"] for job in found["scrape_configs"]}
    assert {part.name for part in platform()} <= jobs
    door = next(job for job in found["scrape_configs"] if job["job_name"] == "bff")
    assert len(door["static_configs"][0]["targets"]) == 2
    assert {"rabbitmq", "redis", "mysql", "envoy", "prometheus", "alertmanager", "loki", "jaeger"} <= jobs


def test_what_lies_in_compose_is_current() -> None:
    for name, text in of_compose(platform()).items():
        lying = (WRITTEN / name).read_text(encoding="utf-8")
        assert lying == text, f"{name}: `tradectl alerts config --compose --into compose/observability` writes it anew"


def test_a_servers_page_is_named_and_may_have_several_addresses() -> None:
    found = named(["redis=127.0.0.1:1", "mysql=a:2", "mysql=b:3"])
    assert found == {"redis": ("127.0.0.1:1",), "mysql": ("a:2", "b:3")}


@pytest.mark.parametrize("word", ["redis", "redis=", "=a:1", "redis=a", "redis=http://a:1/metrics", "orders=a:1"])
def test_what_is_no_servers_page_is_refused(word: str) -> None:
    with pytest.raises(TradectlError) as refused:
        named([word], {"orders"})
    assert refused.value.exit_code is ExitCode.BAD_INPUT


def test_beside_a_sandbox_what_else_runs_is_scraped_and_a_jobs_kind_says_that_its_end_is_told(tmp_path: Path) -> None:
    watchers = {"prometheus": 1, "alertmanager": 2, "audit": 3}
    ports = {"orders.http": 4, "chatops.http": 5, "mail.smtp": 6}
    beside = {"envoy": ("127.0.0.1:7",), "mysql": ("127.0.0.1:8", "127.0.0.1:9")}
    for_sandbox(tmp_path, TOPOLOGY, ports, watchers, beside=beside, every="5s")
    found = yaml.safe_load((tmp_path / "prometheus.yml").read_text(encoding="utf-8"))
    targets = {job["job_name"]: job["static_configs"][0] for job in found["scrape_configs"]}
    assert targets.keys() == {"orders", *watchers, *beside}
    assert targets["envoy"] == {"targets": ["127.0.0.1:7"], "labels": {"kind": "edge"}}
    assert targets["mysql"] == {"targets": ["127.0.0.1:8", "127.0.0.1:9"], "labels": {"kind": "server"}}
    assert targets["audit"] == {"targets": ["127.0.0.1:3"], "labels": {"kind": "telemetry"}}
    assert found["alerting"]["alertmanagers"][0]["static_configs"] == [{"targets": ["127.0.0.1:2"]}]
