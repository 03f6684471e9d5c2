"""The charts on a real API server, under Pod Security "restricted", and the platform in them, under load and killed."""

import json
import subprocess
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.clusters import Namespace
from tests.e2e.tool import Tool
from tests.eventually import eventually
from tradectl.errors import ExitCode
from tradectl.render.wiring import world_ports
from tradectl.stack.topology import platform

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(900)]
SERVICES = "app.kubernetes.io/part-of=tradectl,app.kubernetes.io/name in ({})".format(
    ", ".join(each.name.replace("_", "-") for each in platform().services)
)
RATE, SECONDS = 10, 60
REQUESTS = ("order", "cancel", "orders", "portfolio")
"""What a trader asks and is answered; a socket is closed as its BFF ends (1012), and opened at the next."""
OUTCOMES = {ExitCode.OK, ExitCode.CHECK_FAILED, ExitCode.SATURATED}
"""Of a load: its generator may come late where all that starts shares two processors with it; the audit counts."""


def test_the_platform_trades_behind_the_load_balancer(stage: Namespace, tool: Tool) -> None:
    with stage.forwarded("sim", world_ports(platform())["mail.http"]) as mail:
        where = ("--target", stage.door(), "--mail", mail, "--cacert", str(stage.authority))
        report = tool.ok("smoke", *where, "--json").json
    assert report["ok"], json.dumps(report)[:2000]


async def test_all_services_started_anew_one_after_the_other_under_load_lose_nothing(
    stage: Namespace, tool: Tool
) -> None:
    def restarted() -> None:
        stage.cluster.kubectl("rollout", "restart", "deployment", "-n", stage.name, "-l", SERVICES)
        again = json.dumps({"spec": {"restartAt": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}})
        for each in stage.cluster.objects("rollouts", stage.name):
            name = each["metadata"]["name"]
            stage.cluster.kubectl("patch", "rollout", name, "-n", stage.name, "--type", "merge", "-p", again)

    held = [f"errors({each})<=0%" for each in REQUESTS]
    run = await loaded(stage, tool, restarted, *(each for threshold in held for each in ("--threshold", threshold)))
    assert clean(run)
    assert all(each["holds"] for each in run["verdicts"]), run["verdicts"]


async def test_all_pods_killed_at_once_under_load_lose_nothing_that_was_answered(stage: Namespace, tool: Tool) -> None:
    def killed() -> None:
        stage.cluster.kubectl("delete", "pod", "-n", stage.name, "-l", SERVICES, "--force", "--grace-period=0")

    run = await loaded(stage, tool, killed)
    assert clean(run)


def clean(run: Mapping[str, Any]) -> bool:
    """Whether its audit, of orders that were filled, found every one."""
    audit = run["audit"]
    return bool(audit["clean"] and not audit["differences"] and audit["fills"])


async def loaded(stage: Namespace, tool: Tool, act: Callable[[], None], *more: str) -> dict[str, Any]:
    """A load through the door in whose middle something is done, and what came of it."""
    load = ("tradectl", "load", "run", "trader", "--rate", str(RATE), "--duration", str(SECONDS), *more)
    where = ("--target", stage.door(), "--cacert", str(stage.authority))
    with tool.running("deploy", "reach", stage.name, "--", *load, *where) as process:
        await eventually(lambda: f" 15 of {SECONDS} s" in _said(process), 120)
        act()
        _, err = process.communicate(timeout=400)
    assert process.returncode in OUTCOMES, err[-2000:]
    found: dict[str, Any] = tool.ok("load", "report", "--json").json
    return found


def _said(process: "subprocess.Popen[str]") -> str:
    assert process.stderr is not None
    return process.stderr.readline()
