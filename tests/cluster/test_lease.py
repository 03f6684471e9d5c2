"""One deploy at a time: a Lease on a real API server."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.clusters import Cluster as Lab
from tradectl.deploy import lease
from tradectl.deploy.api import LEASES, Cluster, connected
from tradectl.deploy.lease import NAMESPACE, held, holder
from tradectl.errors import TradectlError

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]
NAME = "tradectl-testing"


@pytest.fixture
async def cluster(cluster: Lab, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Cluster]:
    """The lab's, by the tool's own client; no lease is left in it."""
    monkeypatch.setenv("KUBECONFIG", cluster.environment["KUBECONFIG"])
    if not _has(cluster):
        cluster.kubectl("create", "namespace", NAMESPACE)
    cluster.kubectl("delete", "lease", NAME, "-n", NAMESPACE, "--ignore-not-found")
    async with connected() as found:
        yield found
    cluster.kubectl("delete", "lease", NAME, "-n", NAMESPACE, "--ignore-not-found")


def _has(lab: Lab) -> bool:
    return f"namespace/{NAMESPACE}" in lab.kubectl("get", "namespaces", "-o", "name").split()


async def test_whoever_comes_second_is_told_who_deploys_and_may_when_he_is_done(cluster: Cluster) -> None:
    async with held(cluster, "testing", "Ann"):
        assert (await holder(cluster, "testing")).startswith("Ann (")
        with pytest.raises(TradectlError, match=r"Ann \(.* deploys to testing since"):
            async with held(cluster, "testing", "Bob"):
                pass
    assert await holder(cluster, "testing") == ""
    async with held(cluster, "testing", "Bob"):
        assert (await holder(cluster, "testing")).startswith("Bob (")


async def test_the_lease_of_one_who_died_ends_by_itself(cluster: Cluster) -> None:
    long_ago = (datetime.now(UTC) - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    spec = {"holderIdentity": "Ann", "acquireTime": long_ago, "renewTime": long_ago, "leaseDurationSeconds": 30}
    await cluster.create(LEASES, NAMESPACE, {"metadata": {"name": NAME}, "spec": spec})
    async with held(cluster, "testing", "Bob"):
        assert (await holder(cluster, "testing")).startswith("Bob (")


async def test_it_is_renewed_while_it_is_held(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEW_EVERY", 0.1)
    async with held(cluster, "testing", "Ann"):
        first = await _renewed(cluster)
        async with asyncio.timeout(10):
            while await _renewed(cluster) == first:
                pass


async def test_who_has_lost_it_does_nothing_more(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEW_EVERY", 0.1)

    async def robbed() -> None:
        async with held(cluster, "testing", "Ann"):
            await cluster.merge(LEASES, NAMESPACE, NAME, {"spec": {"holderIdentity": "Bob"}})
            await asyncio.Event().wait()

    with pytest.raises(TradectlError, match="taken by somebody else"):
        await asyncio.wait_for(robbed(), 10)
    assert (await holder(cluster, "testing")) == "Bob"


async def _renewed(cluster: Cluster) -> str:
    found = await cluster.find(LEASES, NAMESPACE, NAME)
    assert found is not None
    return str(found["spec"]["renewTime"])
