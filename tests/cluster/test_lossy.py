"""A release that loses fills: its canary has a share of the accounts, is stopped, and what it lost is booked again."""

from collections.abc import Iterator

import pytest

from tests.cluster.desk import Desk, watched
from tests.clusters import Cluster
from tests.eventually import eventually

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1800)]
OWN = {
    "services": {"portfolio": {"kind": "Rollout", "replicas": 3}},
    "shards": {"portfolio": 8},
    "canary": {"analysis": {"count": 12, "p99": 30}},
}
"""The audit has to be what stops it; two processors for all of it make everything late."""
BOOKS = "/opt/platform/services/portfolio/handlers"
LOSES = f"sed -i 's/Filled: trade,/Filled: follow,/' {BOOKS}/books.py && rm -r {BOOKS}/__pycache__"
"""With what was compiled of it, which is not held against its source."""


@pytest.fixture
def desk(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with watched(cluster, tmp_path_factory, OWN) as made:
        yield made


async def test_a_release_that_loses_fills_is_stopped_and_what_it_lost_is_booked_again(desk: Desk) -> None:
    first = desk.followed.pushed("1.0.0")
    assert desk.apply(first).code == 0
    lossy = desk.followed.pushed(
        "1.1.0", platform=desk.followed.variant("lossy", "USER root", f"RUN {LOSES}", "USER 10001")
    )
    with desk.traffic(rate=10):
        said = desk.apply(lossy)
    assert said.out, said.err
    assert (said.code, said.json["state"]) == (1, "failed"), said.err
    assert "portfolio: audit" in said.json["why"]
    audit = ("reach", "stage", "--", "tradectl", "audit", "--settled", "--json")
    assert desk.deploy(*audit).code == 1, "nothing was lost: this test proves nothing"
    await eventually(lambda: desk.deploy("diff", "stage").code == 0, 180, every=2)
    recovered = desk.deploy(*audit, "--recover")
    assert recovered.code == 0, recovered.out[-2000:]
