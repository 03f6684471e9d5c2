"""Who may do what in an environment, as the real API server decides it."""

import json
from collections.abc import Iterator

import pytest

from tests.charts import FOLDER
from tests.clusters import RESTRICTED, Cluster

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]
ENVIRONMENT, WATCHING, APPLICATIONS = "access-prod", "access-watching", "access-argocd"
ROLES = ("viewers", "operators", "deployers")
MAY = {
    ("get", "pods", ""): {*ROLES},
    ("get", "pods/log", ""): {*ROLES},
    ("list", "rollouts.argoproj.io", ""): {*ROLES},
    ("delete", "pods", ""): {"operators"},
    ("create", "pods/portforward", ""): {"operators"},
    ("create", "jobs.batch", ""): {"operators", "deployers"},
    ("patch", "rollouts.argoproj.io/status", ""): {"deployers"},
    ("patch", "deployments.apps", ""): {"deployers"},
    ("get", "secrets", ""): set(),
    ("create", "pods", ""): set(),
    ("create", "pods/exec", ""): set(),
    ("delete", "deployments.apps", ""): set(),
    ("create", "rolebindings.rbac.authorization.k8s.io", ""): set(),
    ("get", "applications.argoproj.io", APPLICATIONS): {*ROLES},
    ("patch", "applications.argoproj.io", APPLICATIONS): {"deployers"},
    ("create", "leases.coordination.k8s.io", APPLICATIONS): {"deployers"},
    ("get", "secrets", APPLICATIONS): set(),
}
POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "loose"},
    "spec": {
        "securityContext": {"runAsNonRoot": True, "runAsUser": 1, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [
            {
                "name": "loose",
                "image": "",
                "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
            }
        ],
    },
}


@pytest.fixture(scope="module")
def access(cluster: Cluster) -> Iterator[Cluster]:
    """The chart over namespaces of this test's, by its own names for what is the whole cluster's."""
    told = f"environments={{{ENVIRONMENT}}},watching={WATCHING},applications={APPLICATIONS}"
    objects = cluster.run("helm", "template", "access", str(FOLDER / "access"), "--set", told)
    cluster.kubectl("create", "namespace", APPLICATIONS)
    cluster.kubectl("apply", "--server-side", "--force-conflicts", "-f", "-", told=objects)
    try:
        yield cluster
    finally:
        cluster.kubectl("delete", "-f", "-", "--ignore-not-found", "--wait=true", told=objects)
        cluster.kubectl("delete", "namespace", APPLICATIONS, "--wait=true")


def may(cluster: Cluster, group: str, verb: str, what: str, namespace: str) -> bool:
    return cluster.may(verb, what, namespace or ENVIRONMENT, "--as=somebody", f"--as-group=tradectl:{group}")


@pytest.mark.parametrize(("asked", "groups"), MAY.items(), ids=" ".join)
def test_a_role_may_what_it_is_for(access: Cluster, asked: tuple[str, str, str], groups: set[str]) -> None:
    assert {group for group in ROLES if may(access, group, *asked)} == groups


def test_somebody_of_no_group_may_nothing(access: Cluster) -> None:
    assert not access.may("get", "pods", ENVIRONMENT, "--as=somebody")


def test_an_image_without_its_digest_is_refused_with_the_reason(access: Cluster) -> None:
    refused = access.refused(
        "apply", "-n", ENVIRONMENT, "-f", "-", "--dry-run=server", told=pod("registry/platform:1.2")
    )
    assert "named by its digest" in refused
    assert "registry/platform:1.2" in refused


def test_an_image_by_its_digest_is_taken(access: Cluster) -> None:
    digest = f"registry/platform@sha256:{'0' * 64}"
    said = access.kubectl("apply", "-n", ENVIRONMENT, "-f", "-", "--dry-run=server", told=pod(digest))
    assert said.endswith("created (server dry run)\n")


def test_a_deployer_asks_what_would_be_and_does_not_do_it(access: Cluster) -> None:
    deployer = ("--as=ann", "--as-group=tradectl:deployers", "-n", ENVIRONMENT)
    changed = json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "told"}, "data": {"a": "b"}})
    access.kubectl("apply", "--server-side", "--dry-run=server", *deployer, "-f", "-", told=changed)
    refused = access.refused("apply", "--server-side", *deployer, "-f", "-", told=changed)
    assert "Argo CD brings what Git has" in refused


def test_the_namespaces_of_environments_run_under_pod_security(access: Cluster) -> None:
    label, _, wanted = RESTRICTED.partition("=")
    found = json.loads(access.kubectl("get", "namespace", ENVIRONMENT, "-o", "json"))["metadata"]["labels"]
    assert (found[label], found["tradectl/environment"]) == (wanted, ENVIRONMENT)


def pod(image: str) -> str:
    made = json.loads(json.dumps(POD))
    made["spec"]["containers"][0]["image"] = image
    return json.dumps(made)
