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
def dev(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Namespace]:
    """The whole platform as dev has it."""
    folder: Path = tmp_path_factory.mktemp("dev")
    namespace = Namespace(cluster, f"dev-{folder.parent.name}", folder)
    try:
        namespace.install("data", "lab")
        namespace.install("chart", "dev", "lab")
        yield namespace
    finally:
        namespace.remove()


@pytest.fixture
def tool(tmp_path: Path) -> Tool:
    """The tool, as whoever looks at an environment has it."""
    return Tool(tmp_path)
