"""The real Envoy before two BFFs: everything passes through TLS, and one of them may die in the middle."""

import asyncio
import json
import os
import signal
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import envoys, lowports
from tests.architecture.tree import ROOT
from tests.e2e.calling import traded
from tests.e2e.conftest import contained_in
from tests.e2e.tool import Tool
from tests.e2e.trading import PATIENCE, Place
from tests.eventually import eventually

pytestmark = pytest.mark.night
"""What the edge does by itself is tried with each change: tests/integration/tradectl/test_edge.py."""
SEED = 20241130
ORDERS = 40


@dataclass(frozen=True)
class Edge:
    """A sandbox with two BFFs, and what `tradectl edge run` says of the Envoy before it."""

    tool: Tool
    url: str
    authority: Path
    log: Path

    @property
    def mail(self) -> str:
        return Place(self.tool).address("mail.http")

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def client(self) -> httpx.AsyncClient:
        """Of the API, by TLS."""
        context = ssl.create_default_context(cafile=self.authority)
        return httpx.AsyncClient(base_url=f"{self.url}/api/v1", verify=context, timeout=PATIENCE, trust_env=False)

    def lines(self) -> list[dict[str, Any]]:
        """The access log."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]


@contextmanager
def standing(tool: Tool, *options: str) -> Iterator[Edge]:
    """`edge run` until the end of the block, which it then survives in order."""
    with tool.running("edge", "run", "--port", "0", "--json", *options) as running:
        assert running.stdout is not None
        line = running.stdout.readline()
        assert line, running.communicate()[1]
        said = json.loads(line)
        yield Edge(tool, said["url"], Path(said["authority"]), Path(said["log"]))
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=30) == 0


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    envoys.need()
    for tool in contained_in(tmp_path_factory.mktemp("edge")):
        tool.ok("up", "--quiet", "--scale", "bff=2", "--set", f"bff.grpc_port={lowports.row(2)}")
        with standing(tool) as made:
            yield made


def test_the_whole_smoke_passes_through_tls_and_the_audit_agrees(edge: Edge) -> None:
    options = ("--target", edge.url, "--mail", edge.mail, "--cacert", str(edge.authority), "--json")
    result = edge.tool.run("smoke", *options)
    assert result.code == 0, result.out + result.err
    assert edge.tool.ok("audit", "--settled", "--json").json["clean"] is True
    stranger = edge.tool.run("smoke", "--target", edge.url, "--mail", edge.mail, "--json")
    assert stranger.code != 0, "whoever does not know the authority is not served"


def test_scenarios_hold_through_it(edge: Edge) -> None:
    files = [str(ROOT / "scenarios" / each) for each in ("fills/market-buy.yaml", "chat/messages.yaml")]
    options = ("--target", edge.url, "--mail", edge.mail, "--cacert", str(edge.authority), "--skip-local", "--json")
    result = edge.tool.run("scenario", "run", *files, *options)
    assert result.code == 0, result.out + result.err


async def test_one_bff_dies_no_read_fails_and_each_write_exists_once(edge: Edge) -> None:
    async with edge.client() as http:
        trader = await Place(edge.tool).trader(http, "ann", SEED).enter()
        done = asyncio.Event()

        async def read() -> int:
            count = 0
            while not done.is_set():
                answer = await http.get("/portfolio", headers=trader.headers)
                assert answer.status_code == 200, answer.text
                count += 1
            return count

        reading = [asyncio.create_task(read()) for _ in range(3)]
        for number in range(ORDERS):
            if number == ORDERS // 3:
                os.kill(edge.tool.ready("bff"), signal.SIGKILL)
            await trader.place(f"order-{number}", "AAPL", "buy", 1)
        done.set()
        assert sum(await asyncio.gather(*reading)) > len(reading)
        placed = await trader.listed("/orders")
        assert sorted(order["client_order_id"] for order in placed) == sorted(f"order-{n}" for n in range(ORDERS))

    async def at_rest() -> bool:
        return bool(edge.tool.run("audit", "--settled", "--json").json["clean"])

    assert await eventually(at_rest, PATIENCE, every=0.5)
    assert edge.tool.children()["bff"]["restarts"] == 1


async def test_grpc_trades_through_it(edge: Edge) -> None:
    async with edge.client() as http:
        trader = await Place(edge.tool).trader(http, "bob", SEED).enter()
    told = await asyncio.to_thread(traded, edge.port, edge.authority.read_bytes(), trader.token)
    assert "AAPL" in told["symbols"]
    assert told["ids"][0] == told["ids"][1], "the same call again is the same order"
    assert told["fills"] >= 1
    assert told["refused"] == "UNAUTHENTICATED"
    assert "tradectl.v1.Trading" in told["services"], "reflection passes, without a token"


async def test_a_bad_token_is_refused_at_the_edge_and_the_order_is_one_trace(edge: Edge) -> None:
    async with edge.client() as http:
        refused = await http.get("/portfolio?probe=1", headers={"Authorization": "Bearer made.up.token"})
        assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated")
        large = await http.post("/auth/login", content=b"x" * 70_000)
        assert (large.status_code, large.json()["code"]) == (413, "too_large")
        trader = await Place(edge.tool).trader(http, "cid", SEED).enter()
        order = await trader.place("traced", "AAPL", "buy", 1)

    def told() -> bool:
        lines = [line for line in edge.lines() if "path" in line]
        refusals = [line for line in lines if (line["path"], line["status"]) == ("/api/v1/portfolio", 401)]
        passed = {line["trace_id"] for line in lines if (line["path"], line["status"]) == ("/api/v1/orders", 201)}
        (heading,) = edge.tool.ok("traces", "--order", order["id"], "--json").json["items"]
        return any("upstream" not in line for line in refusals) and heading["id"] in passed

    assert await eventually(told, 15, every=0.5)


async def test_too_many_requests_of_one_address_are_429_with_a_time_to_come_back(edge: Edge) -> None:
    with standing(edge.tool, "--rate", "5") as strict:
        async with strict.client() as http:

            async def turned_away() -> bool:
                answers = await asyncio.gather(*(http.get("/instruments") for _ in range(30)))
                late = [answer for answer in answers if answer.status_code == 429]
                return bool(late) and late[0].headers["retry-after"] == "1"

            assert await eventually(turned_away, 20)
