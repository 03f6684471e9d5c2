"""What names things of operators that are not in the lab is held against their own schemas, by the API server itself.

The schemas are in Go's module cache, where one has put them: `go mod download github.com/NAME@VERSION`.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.charts import FOLDER, objects
from tests.clusters import Cluster

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(120)]
MODULES = Path(os.environ.get("GOMODCACHE", Path.home() / "go/pkg/mod")) / "github.com"
CRDS = (
    "external-secrets/external-secrets@v0.16.2/config/crds/bases/external-secrets.io_externalsecrets.yaml",
    "external-secrets/external-secrets@v0.16.2/config/crds/bases/external-secrets.io_secretstores.yaml",
    "bitnami-labs/sealed-secrets@v0.40.0/helm/sealed-secrets/crds/bitnami.com_sealedsecrets.yaml",
    "cert-manager/cert-manager@v1.18.2/deploy/crds/crd-certificates.yaml",
)
NAMESPACE = "references"


@pytest.fixture(scope="module")
def known(cluster: Cluster) -> Iterator[Cluster]:
    """The cluster with these kinds in it."""
    for missing in (each for each in CRDS if not (MODULES / each).exists()):
        pytest.skip(f"the schema is not here: {missing}")
    kinds = "\n---\n".join(schema(each) for each in CRDS)
    cluster.kubectl("create", "namespace", NAMESPACE)
    cluster.kubectl("apply", "--server-side", "-f", "-", told=kinds)
    cluster.kubectl("wait", "--for=condition=established", "--timeout=30s", "-f", "-", told=kinds)
    try:
        yield cluster
    finally:
        cluster.kubectl("delete", "-f", "-", "--wait=true", told=kinds)
        cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=true")


def schema(name: str) -> str:
    """One definition; cert-manager's has labels that are Helm's to fill in."""
    text = (MODULES / name).read_text(encoding="utf-8")
    found = yaml.safe_load("\n".join(line for line in text.splitlines() if "{{" not in line))
    found["metadata"].pop("labels", None)
    return str(yaml.safe_dump(found))


@pytest.mark.parametrize("name", ["external", "sealed"])
def test_an_example_of_secrets_by_reference_is_as_its_operator_takes_it(known: Cluster, name: str) -> None:
    text = (
        (FOLDER / f"secrets/{name}.yaml")
        .read_text(encoding="utf-8")
        .replace("namespace: prod", f"namespace: {NAMESPACE}")
    )
    said = known.kubectl("apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", "-", told=text)
    assert said.count("serverside-applied (server dry run)") == len(list(yaml.safe_load_all(text)))


def test_the_certificate_of_the_door_is_as_cert_manager_takes_it(known: Cluster) -> None:
    (made,) = [each for each in objects("chart", "yandex") if each["kind"] == "Certificate"]
    said = known.kubectl(
        "apply",
        "--server-side",
        "--dry-run=server",
        "--validate=strict",
        "-n",
        NAMESPACE,
        "-f",
        "-",
        told=yaml.safe_dump(made),
    )
    assert said.endswith("serverside-applied (server dry run)\n")
