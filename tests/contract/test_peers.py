"""One suite for both ways to reach a peer: inside the process and over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from services.contracts.errors import DomainError
from services.kernel.edge import Edge
from services.kernel.peers import Peer, PeerSilent, PeerUnavailable
from services.kernel.settings import Peers
from services.kernel.web import JSON, App
from services.runtime import local, log, trace
from services.runtime.metrics import Metrics
from services.runtime.serve import bind, serve
from tests.eventually import PATIENCE, eventually

MakePeer = Callable[..., Awaitable[Peer]]
KEY = "the sandbox's key"


class Shop:
    """A service with what a peer may meet."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()
        self.finished: list[str] = []
        self.routes = APIRouter()
        self.routes.add_api_route("/echo/{name}", self.echo, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
        self.routes.add_api_route("/nothing", self.nothing, methods=["DELETE"])
        self.routes.add_api_route("/much", self.much)
        self.routes.add_api_route("/slow", self.slow, methods=["POST"])
        self.routes.add_api_route("/refused", self.refused)
        self.routes.add_api_route("/broken", self.broken)

    async def echo(self, name: str, request: Request) -> JSON:
        said = {
            "name": name,
            "method": request.method,
            "query": dict(request.query_params),
            "headers": dict(request.headers),
            "body": (await request.body()).decode(),
            "trace_id": (span := trace.current()) and span.trace_id,
            "request_id": log.bound()["request_id"],
        }
        return JSON(said, 202, {"X-Shop": "open"})

    async def nothing(self) -> Response:
        return Response(status_code=204)

    async def much(self) -> StreamingResponse:
        return StreamingResponse(iter([b"x" * 100_000] * 20), media_type="text/plain")

    async def slow(self) -> JSON:
        await self.let_go.wait()
        self.finished.append("slow")
        return JSON({})

    async def refused(self) -> JSON:
        raise DomainError("sold_out", 409, "nothing is left", field="quantity")

    async def broken(self) -> JSON:
        raise ArithmeticError("a mistake")


@pytest.fixture
async def shop() -> Shop:
    return Shop()


@pytest.fixture(params=["asgi", "http"])
async def peer_of(request: pytest.FixtureRequest, shop: Shop) -> AsyncIterator[MakePeer]:
    local.clear()
    edge = Edge(App("Shop", shop.routes), Metrics("shop"), 65_536, "shop")
    async with AsyncExitStack() as stack:
        url = "asgi://shop"
        if request.param == "asgi":
            local.offer(url, edge)
        else:
            server = await serve(edge, bind())
            stack.push_async_callback(server.stop)
            url = f"http://127.0.0.1:{server.port}"

        async def make(**limits: float) -> Peer:
            peer = Peer(url, "shop", key=KEY, settings=Peers.model_validate({"timeout": PATIENCE, **limits}))
            stack.push_async_callback(peer.close)
            return peer

        yield make


@pytest.fixture(params=["asgi://nobody", "http://127.0.0.1:1"])
async def nobody(request: pytest.FixtureRequest) -> AsyncIterator[Peer]:
    local.clear()
    peer = Peer(request.param, "nobody")
    yield peer
    await peer.close()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_a_request_arrives_as_it_was_sent(peer_of: MakePeer, method: str) -> None:
    body = None if method == "GET" else b'{"quantity": 1}'
    peer = await peer_of()
    answer = await peer.request(
        method, "/echo/tea", headers={"X-Colour": "red"}, body=body, query={"limit": 2, "q": "a b&c"}
    )
    said = answer.json()
    assert (answer.status, answer.headers["x-shop"]) == (202, "open")
    assert (said["method"], said["name"], said["body"]) == (method, "tea", (body or b"").decode())
    assert said["query"] == {"limit": "2", "q": "a b&c"}
    assert said["headers"]["x-colour"] == "red"
    assert said["headers"].get("content-type") == ("application/json" if body else None)


async def test_a_query_may_be_passed_on_as_it_came(peer_of: MakePeer) -> None:
    answer = await (await peer_of()).request("GET", "/echo/tea", query="symbols=A%2CB&limit=3")
    assert answer.json()["query"] == {"symbols": "A,B", "limit": "3"}


async def test_a_path_may_hold_what_must_be_escaped(peer_of: MakePeer) -> None:
    answer = await (await peer_of()).request("GET", "/echo/gr%C3%BCn%20tee")
    assert answer.json()["name"] == "grün tee"


async def test_trace_and_request_id_go_along(peer_of: MakePeer) -> None:
    peer = await peer_of()
    with trace.continue_from(None) as span:
        bound = log.begin(request_id="request-0001")
        said = (await peer.request("GET", "/echo/tea")).json()
        log.unbind(bound)
    assert (said["trace_id"], said["request_id"]) == (span.trace_id, "request-0001")


async def test_the_key_of_internal_pages_is_shown_only_where_it_is_asked_for(peer_of: MakePeer) -> None:
    peer = await peer_of()
    with_key = (await peer.request("GET", "/echo/tea", internal=True)).json()
    without = (await peer.request("GET", "/echo/tea")).json()
    assert with_key["headers"]["x-internal-key"] == KEY
    assert "x-internal-key" not in without["headers"]


async def test_a_large_answer_comes_whole(peer_of: MakePeer) -> None:
    assert len((await (await peer_of()).request("GET", "/much")).body) == 2_000_000


async def test_an_empty_answer_is_an_answer(peer_of: MakePeer) -> None:
    peer = await peer_of()
    assert (await peer.request("DELETE", "/nothing")).status == 204
    assert await peer.json("DELETE", "/nothing") is None


async def test_many_requests_side_by_side_get_each_its_own_answer(peer_of: MakePeer) -> None:
    peer = await peer_of()
    answers = await asyncio.gather(*(peer.json("POST", f"/echo/{number}", number) for number in range(50)))
    assert [(said["name"], said["body"]) for said in answers] == [(str(n), str(n)) for n in range(50)]


async def test_a_refusal_is_raised_again_as_it_was(peer_of: MakePeer) -> None:
    with pytest.raises(DomainError) as refused:
        await (await peer_of()).json("GET", "/refused")
    assert (refused.value.code, refused.value.status) == ("sold_out", 409)
    assert (refused.value.detail, refused.value.field) == ("nothing is left", "quantity")


async def test_a_mistake_of_the_peers_is_an_answer_too(peer_of: MakePeer) -> None:
    answer = await (await peer_of()).request("GET", "/broken")
    assert (answer.status, answer.json()["code"]) == (500, "internal")


async def test_a_peer_that_does_not_answer_in_time_leaves_the_outcome_unknown(peer_of: MakePeer, shop: Shop) -> None:
    peer = await peer_of(timeout=0.05)
    with pytest.raises(PeerSilent) as silent:
        await peer.request("POST", "/slow", body=b"{}")
    assert (silent.value.status, silent.value.code, silent.value.name) == (504, "outcome_unknown", "shop")
    assert shop.finished == []
    shop.let_go.set()
    await eventually(lambda: shop.finished == ["slow"])


async def test_a_peer_that_is_not_there_did_nothing(nobody: Peer) -> None:
    with pytest.raises(PeerUnavailable) as unavailable:
        await nobody.request("POST", "/orders", body=b"{}")
    assert not isinstance(unavailable.value, PeerSilent)
    assert (unavailable.value.status, unavailable.value.code, unavailable.value.name) == (503, "unavailable", "nobody")


async def test_who_fails_again_and_again_is_left_alone(peer_of: MakePeer, shop: Shop) -> None:
    peer = await peer_of(timeout=0.02, breaker_failures=2, breaker_pause=0.05)
    for _ in range(2):
        with pytest.raises(PeerSilent):
            await peer.request("POST", "/slow", body=b"{}")
    with pytest.raises(PeerUnavailable, match="shop") as left_alone:
        await peer.request("GET", "/echo/tea")
    assert not isinstance(left_alone.value, PeerSilent)

    async def answers() -> bool:
        return (await peer.request("GET", "/echo/tea")).status == 202

    await eventually(answers)
    assert not peer.breaker.open
    shop.let_go.set()


def test_any_other_url_is_no_peers() -> None:
    with pytest.raises(ValueError, match="ftp://"):
        Peer("ftp://shop", "shop")
