"""One cluster for the session, and an environment in it that is gone afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import clusters
from tests.clusters import Cluster, Namespace
from tests.e2e.tool import Tool


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """The lab's cluster, up."""
    clusters.need()
    return Cluster()


@pytest.fixture(scope="module")
def stage(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Namespace]:
    """The whole platform as stage has it: on wall time, two of each service."""
    namespace = Namespace(cluster, "stage", tmp_path_factory.mktemp("stage"))
    try:
        namespace.install("data", "lab")
        namespace.install("chart", "stage", "lab")
        namespace.opened()
        yield namespace
    finally:
        namespace.remove()


@pytest.fixture
def tool(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tool:
    """The tool, as whoever looks at an environment has it."""
    monkeypatch.setenv("KUBECONFIG", cluster.environment["KUBECONFIG"])
    return Tool(tmp_path, patience=300)
