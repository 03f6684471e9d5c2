"""What the charts make of an environment, by Helm itself."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import charts
from tests.charts import DIGEST, FOLDER, GOLDEN, KINDS, MADE, objects, pods, values
from tradectl.render.chart.watching import watching
from tradectl.render.wiring import DATABASE, callees, host, world_ports
from tradectl.stack.topology import platform

ASKING = {"prometheus"}
"""Who speaks with the cluster's API."""
SERVED = {DATABASE: ("primary", "replica")}
"""The parts behind a word of a label, where they have other names."""


@pytest.fixture(autouse=True)
def _helm() -> None:
    charts.need()


@pytest.mark.parametrize(("name", "environment"), MADE)
def test_a_chart_is_sound(name: str, environment: str) -> None:
    done = charts.run("lint", "--strict", str(FOLDER / name), *values(name, environment))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("name", "environment"), MADE)
def test_it_makes_what_it_made_when_it_was_last_looked_at(name: str, environment: str) -> None:
    golden = GOLDEN / f"{name}-{environment}.yaml"
    assert charts.golden(name, environment) == golden.read_text(encoding="utf-8"), "python -m tests.charts, and look"


@pytest.mark.parametrize("name", KINDS)
def test_a_value_that_is_not_known_is_refused(name: str) -> None:
    done = charts.run("template", "dev", str(FOLDER / name), *values(name, "lab"), "--set", "nonsense=1")
    assert done.returncode != 0
    assert "additional properties 'nonsense' not allowed" in done.stderr


def test_an_image_without_a_digest_is_refused() -> None:
    done = charts.run("template", "dev", str(FOLDER / "chart"), "--set", "images.platform.repository=platform")
    assert done.returncode != 0
    assert "images.platform.digest: an image is named by its digest" in done.stderr


@pytest.mark.parametrize(("name", "environment"), MADE)
def test_no_pod_has_a_right_that_it_does_not_need(name: str, environment: str) -> None:
    for part, pod in pods(objects(name, environment)).items():
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is (part in ASKING)
        assert spec["securityContext"]["runAsNonRoot"]
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in spec["containers"]:
            assert container["image"].endswith(f"@{DIGEST}")
            assert container["resources"]["limits"]["memory"]
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }


@pytest.mark.parametrize(("name", "environment"), MADE)
def test_a_part_has_an_account_of_its_own_without_a_role(name: str, environment: str) -> None:
    found = objects(name, environment)
    accounts = {each["metadata"]["name"] for each in found if each["kind"] == "ServiceAccount"}
    used = {part: pod["spec"]["serviceAccountName"] for part, pod in pods(found).items()}
    assert {part: account for part, account in used.items() if account != part} == {
        part: "default" for part in used if part.startswith("migrations-")
    }
    assert accounts == {part for part in used if not part.startswith("migrations-")}
    if name == "access":
        return
    bound = [each for each in found if each["kind"].endswith("RoleBinding")]
    assert {subject["name"] for each in bound for subject in each["subjects"]} <= ASKING


def test_nobody_who_helps_or_deploys_reads_a_secret() -> None:
    roles = [each for each in objects("access", "lab") if each["kind"] in {"Role", "ClusterRole"}]
    rules = [rule for role in roles for rule in role["rules"]]
    assert {role["metadata"]["name"] for role in roles} > {"tradectl-viewer", "tradectl-operator", "tradectl-deployer"}
    assert not [rule for rule in rules if {"*", "secrets", "pods/exec"} & {*rule["resources"], *rule["verbs"]}]


def test_those_who_watch_reach_each_other_as_they_need_to() -> None:
    assert allowed(objects("observability", "lab")) == {
        *(("prometheus", each) for each in ("alertmanager", "loki", "jaeger")),
        *(("grafana", each) for each in ("prometheus", "alertmanager", "loki", "jaeger")),
    }


def test_an_environment_tells_of_itself_and_is_asked_and_no_more() -> None:
    """Across namespaces: what each side's policies say of the other."""
    here, there = [*objects("data", "stage"), *objects("chart", "stage")], objects("observability", "lab")
    told = {port for rule in crossing(here, "egress", "to", "observability") for port in rule}
    taken = {port for rule in crossing(there, "ingress", "from", "prod") for port in rule}
    assert told == taken == {3100, 4317, 4318}
    asks = {port for rule in crossing(there, "egress", "to", "prod") for port in rule}
    answered = {port for rule in crossing(here, "ingress", "from", "observability") for port in rule}
    assert asks <= answered


def crossing(found: list[Any], way: str, side: str, namespace: str) -> Iterator[list[int]]:
    """The ports of each rule that names another namespace."""
    for each in found:
        if each["kind"] == "NetworkPolicy":
            for rule in each["spec"].get(way, ()):
                for peer in rule.get(side, ()):
                    if namespace in json.dumps(peer.get("namespaceSelector", {})):
                        yield [port["port"] for port in rule.get("ports", ())]


def test_a_backup_reaches_the_database_and_the_store_and_nobody_else() -> None:
    found = [*objects("data", "dev"), *objects("chart", "dev")]
    (job,) = [each["spec"]["jobTemplate"]["spec"] for each in found if each["kind"] == "CronJob"]
    labels = {part: pod["metadata"]["labels"] for part, pod in pods(found).items()}
    allowed_to = {callee for caller, callee in allowed(found) if caller == "backup"}
    assert allowed_to == {"primary", "replica", "s3"}
    calls = {name for name in job["template"]["metadata"]["labels"] if name.startswith("calls-")}
    assert calls == {name for name in labels["backup"] if name.startswith("calls-")}
    assert job["template"]["spec"]["containers"][0]["image"].endswith(f"@{DIGEST}")


def test_who_asks_the_api_sees_pods_and_changes_nothing() -> None:
    rules = [rule for each in objects("observability", "lab") if each["kind"] == "Role" for rule in each["rules"]]
    assert rules == [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}]


def test_prometheus_finds_a_job_for_every_part() -> None:
    ports = {
        (part, port["name"])
        for chart in ("chart", "data")
        for part, pod in pods(objects(chart, "dev")).items()
        for port in pod["spec"]["containers"][0].get("ports", ())
    }
    jobs = [(each["name"], (each["pod"], each["port"])) for each in watching(platform())["jobs"]]
    assert [name for name, place in jobs if place not in ports] == []
    assert {service.name for service in platform().services} < {name for name, _ in jobs}


@pytest.mark.parametrize(("name", "environment"), MADE)
def test_no_secret_is_in_it(name: str, environment: str) -> None:
    assert not [each for each in objects(name, environment) if each["kind"] == "Secret"]


@pytest.mark.parametrize("environment", ["dev", "stage"])
def test_pods_may_call_whom_the_topology_says_and_nobody_else(environment: str) -> None:
    found = [*objects("data", environment), *objects("chart", environment)]
    said = {
        (host(service.name), part)
        for service in platform().services
        for callee in callees(platform(), service)
        for part in SERVED.get(callee, (callee,))
        if callee != "telemetry"
    }
    asked = {
        (caller, callee) for caller, callee in allowed(found) if caller in {host(s.name) for s in platform().services}
    }
    assert asked == said
    assert {callee for caller, callee in allowed(found) if caller == "envoy"} == {"bff"}
    assert {callee for caller, callee in allowed(found) if caller == "sim"} == set()


def allowed(found: list[charts.Json]) -> set[tuple[str, str]]:
    """The pairs of parts of which a policy lets the one out, and another one lets it in at the other."""
    policies = [each["spec"] for each in found if each["kind"] == "NetworkPolicy"]
    labels = {part: pod["metadata"]["labels"] for part, pod in pods(found).items()}
    out = set(pairs(policies, labels, "egress", "to"))
    come = {(one, other) for other, one in pairs(policies, labels, "ingress", "from")}
    return out & come


def pairs(policies: list[Any], labels: dict[str, Any], way: str, side: str) -> Iterator[tuple[str, str]]:
    for policy in policies:
        for rule in policy.get(way, ()):
            for peer in rule.get(side, ()):
                if "podSelector" in peer and "namespaceSelector" not in peer:
                    yield from (
                        (one, other)
                        for one in matching(labels, policy["podSelector"])
                        for other in matching(labels, peer["podSelector"])
                    )


def matching(labels: dict[str, Any], selector: Any) -> list[str]:
    wanted = selector.get("matchLabels", {}).items()
    return [part for part, own in labels.items() if wanted <= own.items()]


def test_everything_that_listens_is_let_in_somewhere() -> None:
    found = [*objects("data", "dev"), *objects("chart", "dev")]
    admitted = {
        port["port"]
        for each in found
        if each["kind"] == "NetworkPolicy"
        for rule in each["spec"].get("ingress", ())
        for port in rule["ports"]
    }
    assert set(world_ports(platform()).values()) <= admitted
    assert {8000, 8001, 8443, 3306, 5672, 6379} <= admitted


def test_a_name_that_a_pod_calls_is_a_service() -> None:
    found = [*objects("chart", "dev"), *objects("data", "dev")]
    services = {each["metadata"]["name"] for each in found if each["kind"] == "Service"}
    for each in objects("chart", "dev"):
        if each["kind"] == "ConfigMap" and "TRADECTL_URLS" in each.get("data", {}):
            for url in json.loads(each["data"]["TRADECTL_URLS"]).values():
                if not url.startswith(("asgi:", "wall")):
                    assert url.rpartition("@")[2].rpartition("//")[2].partition(":")[0] in services, url


@pytest.mark.parametrize("environment", ["stage", "prod"])
def test_a_canary_is_looked_at_before_it_has_half_of_the_pods(environment: str) -> None:
    found = objects("chart", environment)
    templates = {each["metadata"]["name"]: each for each in found if each["kind"] == "AnalysisTemplate"}
    rollouts = {each["metadata"]["name"]: each["spec"] for each in found if each["kind"] == "Rollout"}
    assert "bff" in rollouts
    for name, spec in rollouts.items():
        weights = [step["setWeight"] for step in spec["strategy"]["canary"]["steps"] if "setWeight" in step]
        asked = [step["analysis"]["templates"] for step in spec["strategy"]["canary"]["steps"] if "analysis" in step]
        assert (weights[0] < 50, len(asked)) == (True, len(weights))
        assert {each["templateName"] for each in asked[0]} <= set(templates)
        measures = {each["name"] for each in templates[name]["spec"]["metrics"]}
        assert measures == {"errors", "p99", "rejects", "audit"}


def test_two_versions_of_a_rollout_share_no_configuration() -> None:
    found = objects("chart", "prod")
    for name, pod in ((n, p) for n, p in pods([e for e in found if e["kind"] == "Rollout"]).items()):
        assert "envFrom" not in pod["spec"]["containers"][0], name


def test_somebody_trades_at_the_canarys_door_and_at_no_other() -> None:
    found = objects("chart", "prod")
    (door,) = [each["spec"] for each in found if each["metadata"]["name"] == "bff-canary"]
    (trader,) = [each for each in found if each["kind"] == "AnalysisTemplate" and each["metadata"]["name"] == "smoke"]
    (metric,) = trader["spec"]["metrics"]
    pod = metric["provider"]["job"]["spec"]["template"]
    assert door["selector"]["role"] == "canary"
    assert "http://bff-canary:8000" in pod["spec"]["containers"][0]["command"]
    assert {name for name in pod["metadata"]["labels"] if name.startswith("calls-")} == {"calls-bff", "calls-sim"}


def test_a_release_may_be_packaged(tmp_path: Path) -> None:
    """Argo CD and registries have no links: a package holds what they lead to."""
    for name in KINDS:
        done = charts.run("package", str(FOLDER / name), "--destination", str(tmp_path), "--version", "1.2.3")
        assert done.returncode == 0, done.stderr
        packed = tmp_path / f"{yaml.safe_load((FOLDER / name / 'Chart.yaml').read_text())['name']}-1.2.3.tgz"
        done = charts.run("template", "dev", str(packed), *values(name, "lab"))
        assert done.returncode == 0, done.stderr
        assert len(list(yaml.safe_load_all(done.stdout))) == len(list(yaml.safe_load_all(charts.text(name, "lab"))))


@pytest.mark.parametrize("environment", ["dev", "stage", "prod"])
def test_an_environment_at_its_largest_and_a_release_on_its_way_are_within_its_quota(environment: str) -> None:
    found = [*objects("data", environment), *objects("chart", environment)]
    (hard,) = [each["spec"]["hard"] for each in found if each["kind"] == "ResourceQuota"]
    most = {
        each["metadata"]["name"]: each["spec"]["maxReplicas"]
        for each in found
        if each["kind"] == "HorizontalPodAutoscaler"
    }
    used: Counter[str] = Counter()
    for each in found:
        if "template" in each.get("spec", {}):
            copies = most.get(each["metadata"]["name"], each["spec"].get("replicas", 1)) + 1
            resources = each["spec"]["template"]["spec"]["containers"][0]["resources"]
            used["pods"] += copies
            used["requests.cpu"] += copies * amount(resources["requests"]["cpu"])
            used["requests.memory"] += copies * amount(resources["requests"]["memory"])
            used["limits.memory"] += copies * amount(resources["limits"]["memory"])
    assert {name: (round(used[name]), hard[name]) for name in used if used[name] > amount(hard[name])} == {}


def amount(text: str) -> float:
    """A quantity of Kubernetes', in cores or bytes."""
    number, unit = re.fullmatch(r"([0-9.]+)(\D*)", str(text)).groups()  # type: ignore[union-attr]
    return float(number) * {"": 1, "m": 0.001, "Mi": 2**20, "Gi": 2**30}[unit]
