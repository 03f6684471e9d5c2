"""A canary on the real controllers: a good version goes on by its analysis, a bad one goes back at its first pod."""

import json
import ssl
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from secrets import token_hex
from typing import Any

import pytest

from tests.cluster.watched import Watching, options
from tests.clusters import Cluster, Namespace
from tests.eventually import eventually
from tradectl.probes.tls import trust
from tradectl.render.wiring import world_ports
from tradectl.stack.topology import platform
from tradectl.trader.client import Client
from tradectl.trader.failures import Failed
from tradectl.trader.trader import Trader, patient

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1500)]
WATCHED, WATCHING = "analysed-prod", "analysing"
ARRIVAL, VERDICT = 420, 300
"""Seconds for the whole platform to be there, and for a canary to go on or back."""
SETTLED = {"Healthy", "Degraded"}
CLIENTS = 8
"""Who ask one after the other: more than the pods, for one that is slow holds each up."""


class Prod(Namespace):
    """The platform as prod has it, smaller."""

    def bring(self, settings: dict[str, str]) -> None:
        """A version of the BFF."""
        service = json.dumps({"replicas": 4, "most": 0, "settings": settings})
        told = [*options(WATCHING), f'services.bff={{{service[1:-1]},"kind":"Rollout"}}']
        self.install("chart", "prod", "lab", told=told, wait=False)

    def rollout(self, name: str = "bff") -> dict[str, Any]:
        (found,) = [each for each in self.cluster.objects("rollouts", self.name) if each["metadata"]["name"] == name]
        return found

    def pods(self, version: str) -> int:
        """How many there are of a version of the BFF."""
        found = [each["metadata"]["labels"] for each in self.cluster.objects("pods", self.name)]
        return sum(each.get("rollouts-pod-template-hash") == version for each in found)

    def phase(self) -> str:
        """Of the version that was asked for last."""
        found = self.rollout()
        status = found.get("status", {})
        current = str(found["metadata"]["generation"]) == str(status.get("observedGeneration"))
        return str(status.get("phase")) if current else ""

    def analysis(self) -> dict[str, str]:
        """How each measure of the newest version ended."""
        current = self.rollout()["status"]["currentPodHash"]
        return {
            each["name"]: each["phase"]
            for run in self.cluster.objects("analysisruns", self.name)
            if run["metadata"]["labels"].get("rollouts-pod-template-hash") == current
            for each in run["status"].get("metricResults", ())
        }


@pytest.fixture(scope="module")
def prod(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prod]:
    namespace = Prod(cluster, WATCHED, tmp_path_factory.mktemp("prod"))
    try:
        namespace.install("data", "lab")
        namespace.bring({})
        yield namespace
    finally:
        namespace.remove()


@pytest.fixture(scope="module")
def watching(prod: Prod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watching]:
    made = Watching(prod.cluster, WATCHING, prod.name, tmp_path_factory.mktemp("watching"))
    try:
        yield made
    finally:
        made.remove()


@pytest.fixture
async def stable(prod: Prod, watching: Watching) -> Prod:
    """All of the BFF is one version, with nothing wrong with it."""
    if prod.phase() == "Degraded":
        prod.bring({})
    await eventually(lambda: prod.phase() == "Healthy", ARRIVAL, every=2)
    await eventually(lambda: watching.asked('up{job="bff"} == 1'), 60, every=2)
    return prod


async def test_a_good_version_is_promoted_by_its_analysis(stable: Prod) -> None:
    with traffic(stable):
        stable.bring({"NOTE": "good"})
        await eventually(lambda: stable.phase() == "Healthy", VERDICT, every=2)
    assert set(stable.analysis().values()) == {"Successful"}
    assert {"smoke", "errors", "p99", "audit"} <= set(stable.analysis())


@pytest.mark.parametrize(
    ("kind", "measure", "wish"),
    [
        ("errors", "errors", {"kind": "service.errors", "parameters": {"service": "bff", "percent": 5}}),
        ("slow", "p99", {"kind": "service.slow", "parameters": {"service": "bff", "ms": 3000}}),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
async def test_a_bad_version_goes_back_before_it_has_half_of_the_pods(
    stable: Prod, kind: str, measure: str, wish: dict[str, Any]
) -> None:
    before = stable.rollout()["status"]["stableRS"]
    met: set[int] = set()

    def ended() -> bool:
        status = stable.rollout()["status"]
        met.add(stable.pods(status["currentPodHash"]))
        return bool(status.get("abort")) and stable.phase() == "Degraded"

    with traffic(stable):
        stable.bring({"TRADECTL_FAULTS": json.dumps([{**wish, "seconds": 3600}])})
        await eventually(lambda: stable.rollout()["status"]["currentPodHash"] != before, 60, every=1)
        await eventually(ended, VERDICT, every=1)
    assert stable.analysis()[measure] == "Failed"
    assert max(met) == 1
    assert stable.rollout()["status"]["stableRS"] == before


@contextmanager
def traffic(namespace: Namespace) -> Iterator[None]:
    """Somebody who is logged in and asks at the door, several times at once, until it is enough."""
    enough = threading.Event()
    trusted = ssl.create_default_context(cafile=str(namespace.authority))
    asked = urllib.request.Request(f"{namespace.door()}/api/v1/instruments", headers=logged_in(namespace))

    def ask() -> None:
        while not enough.wait(0.1):
            try:
                urllib.request.urlopen(asked, timeout=10, context=trusted).close()
            except (OSError, HTTPException):
                continue

    clients = [threading.Thread(target=ask, daemon=True) for _ in range(CLIENTS)]
    for each in clients:
        each.start()
    try:
        yield
    finally:
        enough.set()
        for each in clients:
            each.join()


def logged_in(namespace: Namespace) -> dict[str, str]:
    """A new trader's token; where one could not enter in time, another one's."""
    trust(namespace.authority)
    with namespace.forwarded("sim", world_ports(platform())["mail.http"]) as mail:

        def token() -> str | None:
            trader = Trader(Client(namespace.door()), mail, f"asks-{token_hex(5)}@example.com")
            with suppress(Failed):
                trader.enter()
            return trader.client.token or None

        return {"authorization": f"Bearer {patient(token, 'a log-in', within=120)}"}
