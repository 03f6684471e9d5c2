"""All that the charts make is taken by a real API server: each field known, each pod as restricted as it has to be."""

import subprocess
from collections.abc import Iterator

import pytest
import yaml

from tests.charts import MADE, text
from tests.clusters import RESTRICTED, Cluster

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(120)]
NAMESPACE = "taken"
OTHERS = {"Certificate"}
"""Of operators that are not in the lab: tests/cluster/test_references.py."""
TOLD = {
    "observability": ("--set", f"environments={{{NAMESPACE}}}"),
    "access": ("--set", f"environments={{{NAMESPACE}}},namespaces=false,watching={NAMESPACE},applications={NAMESPACE}"),
}


@pytest.fixture(scope="module")
def namespace(cluster: Cluster) -> Iterator[Cluster]:
    cluster.kubectl("create", "namespace", NAMESPACE)
    cluster.kubectl("label", "namespace", NAMESPACE, RESTRICTED, RESTRICTED.replace("enforce", "warn"))
    try:
        yield cluster
    finally:
        cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=true")


@pytest.mark.parametrize(("chart", "environment"), [each for each in MADE if each[0] != "argocd"])
def test_a_chart_is_taken_without_a_warning(namespace: Cluster, chart: str, environment: str) -> None:
    rendered = yaml.safe_load_all(text(chart, environment, TOLD.get(chart, ())))
    wanted = [each for each in rendered if each and each["kind"] not in OTHERS]
    done = subprocess.run(
        ("kubectl", "apply", "-n", NAMESPACE, "--server-side", "--dry-run=server", "--validate=strict", "-f", "-"),
        env=namespace.environment, input=yaml.safe_dump_all(wanted), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, ""), done.stderr[:2000]
    assert len(done.stdout.splitlines()) == len(wanted)
