"""The charts on a real API server, under Pod Security "restricted", and the platform in them."""

import json

import pytest

from tests.clusters import Namespace
from tests.e2e.tool import Tool
from tradectl.render.wiring import world_ports
from tradectl.stack.topology import platform

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(900)]


def test_the_platform_trades_behind_the_load_balancer(dev: Namespace, tool: Tool) -> None:
    with dev.forwarded("sim", world_ports(platform())["mail.http"]) as mail:
        report = tool.ok("smoke", "--target", dev.door(), "--mail", mail, "--cacert", str(dev.authority), "--json").json
    assert report["ok"], json.dumps(report)[:2000]
