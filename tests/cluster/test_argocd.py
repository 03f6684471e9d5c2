"""A commit to the environments repository becomes an environment, by Argo CD itself."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clusters import Cluster, Followed, Namespace
from tests.e2e.tool import Tool
from tests.eventually import eventually
from tradectl.render.wiring import world_ports
from tradectl.stack.topology import platform

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1200)]
ARRIVAL = 600
"""Seconds for two charts on an empty namespace, images pulled."""
WELL = ("Synced", "Healthy")


@pytest.fixture
def followed(cluster: Cluster, tmp_path: Path) -> Iterator[Followed]:
    made = Followed(cluster, tmp_path)
    try:
        yield made
    finally:
        made.remove()
        cluster.kubectl("delete", "namespace", "dev", "--ignore-not-found", "--wait=true")


async def test_a_release_that_is_committed_trades_in_its_environment(
    cluster: Cluster, followed: Followed, tool: Tool, tmp_path: Path
) -> None:
    dev = Namespace(cluster, "dev", tmp_path)
    followed.own_values("dev")
    followed.environments.deploy("dev", followed.pushed("0.1.0-dev.1"), "the first one")
    await eventually(
        lambda: {followed.state(each) for each in ("data-dev", "platform-dev")} == {WELL}, ARRIVAL, every=2
    )
    with dev.forwarded("sim", world_ports(platform())["mail.http"]) as mail:
        said = tool.ok("smoke", "--target", dev.door(), "--mail", mail, "--cacert", str(dev.authority), "--json")
    assert said.json["ok"], json.dumps(said.json)[:2000]
