"""The real Envoy before two doors of the test: what it lets in, what it refuses, and what it does when one breaks."""

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import grpc
import httpx
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from services.bff.api.grpc import trading_pb2 as pb
from services.bff.api.grpc.server import handlers
from services.contracts.door import PREFIX, TRADING
from services.runtime.asgi import Receive, Scope, Send
from tests.envoys import need
from tests.eventually import eventually
from tests.integration.tradectl.doors import TestDoor
from tradectl.certs.folder import of_sandbox
from tradectl.edge.place import Address, Limits
from tradectl.edge.standing import Standing, place_of, stand
from tradectl.stack.settings import RunSettings, keep
from tradectl.stack.state import Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")
FEW = 5
"""Requests a second."""
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@dataclass(frozen=True)
class Edge:
    """Envoy, and the two doors behind it."""

    standing: Standing
    doors: tuple[TestDoor, TestDoor]
    sandbox: Sandbox

    @property
    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.standing.authority)

    @property
    def token(self) -> dict[str, str]:
        return self.doors[0].token()

    @property
    def asked(self) -> list[dict[str, Any]]:
        return [*self.doors[0].asked, *self.doors[1].asked]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def edge(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Edge]:
    need()
    sandbox = Sandbox("edge", tmp_path_factory.mktemp("edge") / "edge")
    sandbox.create()
    keep(sandbox, RunSettings())
    key = Ed25519PrivateKey.generate()
    with ExitStack() as ended:
        async with TestDoor(key).open() as one, TestDoor(key).open() as other, calls_taken() as door:
            endpoints = {"bff.http": url(one), "bff@2.http": url(other)}
            place = place_of(sandbox, endpoints, 0, limits=Limits(drain=1))
            place = replace(place, grpc=[Address("127.0.0.1", door)])
            standing = await asyncio.to_thread(ended.enter_context, stand(sandbox, place))
            yield Edge(standing, (one, other), sandbox)
            await asyncio.to_thread(ended.close)


@asynccontextmanager
async def calls_taken() -> AsyncIterator[int]:
    """The gRPC door before an app that tells the token it was shown; its port."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        shown = {
            "symbol": headers.get("authorization", ""),
            "time": headers.get("traceparent", ""),
            "bids": [],
            "asks": [],
        }
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(shown).encode()})

    server, state = grpc.aio.server(), health.aio.HealthServicer()
    server.add_generic_rpc_handlers((handlers(app),))
    health_pb2_grpc.add_HealthServicer_to_server(state, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield port
    finally:
        await server.stop(None)


def url(door: TestDoor) -> str:
    return f"http://127.0.0.1:{door.port}"


@pytest_asyncio.fixture(loop_scope="module")
async def client(edge: Edge) -> AsyncIterator[httpx.AsyncClient]:
    for door in edge.doors:
        door.ready, door.broken = True, False
        door.asked.clear()
    async with httpx.AsyncClient(base_url=edge.standing.url, verify=edge.context, trust_env=False) as made:

        async def let_in() -> bool:
            return (await made.get(f"{PREFIX}/me", headers=edge.token)).status_code == 200

        await eventually(let_in, every=0.1)
        edge.doors[0].asked.clear()
        edge.doors[1].asked.clear()
        yield made


def code(answer: httpx.Response) -> str:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["request_id"] == answer.headers["x-request-id"]
    return str(problem["code"])


async def test_a_good_token_is_let_in_with_all_that_the_bff_needs(edge: Edge, client: httpx.AsyncClient) -> None:
    sent = {**edge.token, "X-Forwarded-For": "203.0.113.9", "Idempotency-Key": "k", "X-Request-Id": "request-0001"}
    answer = await client.post(f"{PREFIX}/orders?x=1", json={"a": 1}, headers=sent)
    assert answer.status_code == 200
    (seen,) = edge.asked
    assert (seen["method"], seen["path"]) == ("POST", f"{PREFIX}/orders?x=1")
    assert seen["headers"]["authorization"] == sent["Authorization"]
    assert seen["headers"]["idempotency-key"] == "k"
    assert seen["headers"]["x-request-id"] == "request-0001"
    said = seen["headers"]["x-forwarded-for"].split(",")
    assert len(said) == 2, "the edge writes its own word after what a client made up"
    assert said[-1] != "203.0.113.9"


async def test_bad_tokens_are_refused_before_any_bff(edge: Edge, client: httpx.AsyncClient) -> None:
    door = edge.doors[0]
    for headers in (
        {},
        {"Authorization": "Bearer made.up.token"},
        door.token(lifetime=-60),
        door.token(key=Ed25519PrivateKey.generate()),
    ):
        for path in ("/me", "/orders", "/auth/logout", "/ws/more", "/.well-known/other"):
            answer = await client.get(f"{PREFIX}{path}", headers=headers)
            assert (answer.status_code, code(answer)) == (401, "unauthenticated"), path
    assert edge.asked == []


async def test_public_routes_need_none_and_only_with_their_method(edge: Edge, client: httpx.AsyncClient) -> None:
    assert (await client.post(f"{PREFIX}/auth/login", json={})).status_code == 200
    assert (await client.get(f"{PREFIX}/.well-known/jwks.json")).json()["keys"][0]["crv"] == "Ed25519"
    assert (await client.get("/openapi.json")).status_code == 200
    assert (await client.options(f"{PREFIX}/orders")).status_code == 200
    assert (await client.get(f"{PREFIX}/auth/login")).status_code == 401


async def test_what_is_internal_stays_inside(edge: Edge, client: httpx.AsyncClient) -> None:
    for path in (
        "/internal/state",
        "/metrics",
        "/ready",
        "/live",
        "/",
        "/api/v2/me",
        "/api/v1/../../internal/state",
    ):
        answer = await client.get(path, headers=edge.token)
        assert (answer.status_code, code(answer)) == (404, "not_found"), path
    assert edge.asked == []


async def test_a_body_over_the_limit_is_413_and_at_the_limit_is_let_in(edge: Edge, client: httpx.AsyncClient) -> None:
    most = edge.standing.place.limits.body
    answer = await client.post(f"{PREFIX}/orders", content=b"x" * (most + 1), headers=edge.token)
    assert (answer.status_code, code(answer)) == (413, "too_large")
    assert edge.asked == []
    let_in = await client.post(f"{PREFIX}/orders", content=b"x" * most, headers=edge.token)
    assert let_in.json()["size"] == most


async def test_headers_have_bounds(edge: Edge, client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{PREFIX}/me", headers={**edge.token, "X-Long": "x" * 20_000})
    assert answer.status_code == 431
    answer = await client.get(f"{PREFIX}/me", headers={**edge.token, "under_score": "x"})
    assert answer.status_code == 400
    assert edge.asked == []


async def test_a_trace_is_begun_where_there_is_none_and_kept_where_there_is(
    edge: Edge, client: httpx.AsyncClient
) -> None:
    for path, more in (("begun", {}), ("kept", {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"})):
        await client.get(f"{PREFIX}/{path}", headers={**edge.token, **more})
    asked = sorted(edge.asked, key=lambda each: str(each["path"]))
    begun, kept = (each["headers"]["traceparent"].split("-") for each in asked)
    assert (len(begun[1]), begun[3]) == (32, "01")
    assert kept[1] == TRACE
    assert kept[2] != "00f067aa0ba902b7", "the edge is a span of its own"


async def test_the_access_log_is_json_with_the_trace_and_without_the_token(
    edge: Edge, client: httpx.AsyncClient
) -> None:
    sent = {**edge.token, "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    await client.get(f"{PREFIX}/quotes?symbols=AAPL", headers=sent)

    def line() -> dict[str, Any] | None:
        lines = [json.loads(each) for each in edge.standing.log.read_text("utf-8").splitlines()]
        return next((each for each in lines if each.get("path") == f"{PREFIX}/quotes"), None)

    found = await eventually(line, timeout=15)
    assert found is not None
    assert (found["service"], found["method"], found["status"], found["trace_id"]) == ("edge", "GET", 200, TRACE)
    assert found["protocol"] == "HTTP/1.1"
    assert found["tls"] == "TLSv1.3"
    assert "Bearer" not in edge.standing.log.read_text("utf-8")


async def test_reads_are_tried_at_the_other_bff_and_none_fails(edge: Edge, client: httpx.AsyncClient) -> None:
    edge.doors[0].broken = True
    for _ in range(20):
        assert (await client.get(f"{PREFIX}/portfolio", headers=edge.token)).status_code == 200
    assert edge.doors[0].asked, "it was tried, and then left alone"


async def test_a_write_that_broke_off_is_not_sent_again_and_nobody_says_it_was_not_done(
    edge: Edge, client: httpx.AsyncClient
) -> None:
    for door in edge.doors:
        door.broken = True
    answer = await client.post(f"{PREFIX}/orders", json={}, headers=edge.token)
    assert (answer.status_code, code(answer)) == (504, "outcome_unknown")
    assert len(edge.asked) == 1
    assert "same key" in answer.json()["detail"]


async def test_a_bff_that_is_not_ready_gets_nothing_and_without_any_it_is_503(
    edge: Edge, client: httpx.AsyncClient
) -> None:
    one, other = edge.doors
    one.ready = False

    async def left_alone() -> bool:
        one.asked.clear()
        answers = [await client.get(f"{PREFIX}/me", headers=edge.token) for _ in range(6)]
        return not one.asked and all(answer.status_code == 200 for answer in answers)

    await eventually(left_alone, timeout=15, every=0.2)
    other.ready = False

    async def nobody() -> bool:
        answer = await client.post(f"{PREFIX}/orders", json={}, headers=edge.token)
        return answer.status_code == 503 and code(answer) == "unavailable"

    await eventually(nobody, timeout=15, every=0.2)


async def test_grpc_passes_with_a_good_token_and_health_without_one(edge: Edge, client: httpx.AsyncClient) -> None:
    credentials = grpc.ssl_channel_credentials(edge.standing.authority.read_bytes())
    async with grpc.aio.secure_channel(f"localhost:{edge.standing.place.listen.port}", credentials) as channel:
        said = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=10)
        assert said.status == health_pb2.HealthCheckResponse.SERVING
        ask = channel.unary_unary(
            f"/{TRADING}/GetBook",
            request_serializer=pb.GetBookRequest.SerializeToString,
            response_deserializer=pb.Book.FromString,
        )
        bearer = edge.token["Authorization"]
        book = await ask(pb.GetBookRequest(symbol="AAPL"), metadata=[("authorization", bearer)], timeout=10)
        assert book.symbol == bearer
        assert len(book.time.split("-")[1]) == 32, "a trace was begun"
        for bad in ([], [("authorization", "Bearer made.up.token")]):
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await ask(pb.GetBookRequest(symbol="AAPL"), metadata=bad, timeout=10)
            assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED


async def test_tls_is_1_2_or_1_3_and_speaks_http_2(edge: Edge) -> None:
    port = edge.standing.place.listen.port

    def agreed(version: ssl.TLSVersion) -> tuple[str | None, str | None]:
        context = edge.context
        context.minimum_version = context.maximum_version = version
        context.set_alpn_protocols(["h2", "http/1.1"])
        with (
            socket.create_connection(("127.0.0.1", port)) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as secured,
        ):
            return secured.version(), secured.selected_alpn_protocol()

    assert await asyncio.to_thread(agreed, ssl.TLSVersion.TLSv1_3) == ("TLSv1.3", "h2")
    assert await asyncio.to_thread(agreed, ssl.TLSVersion.TLSv1_2) == ("TLSv1.2", "h2")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"), pytest.raises(ssl.SSLError):
        await asyncio.to_thread(agreed, ssl.TLSVersion.TLSv1_1)


async def test_a_renewed_certificate_is_shown_without_a_restart(edge: Edge) -> None:
    certificates, port = of_sandbox(edge.sandbox), edge.standing.place.listen.port

    def shown() -> str:
        return ssl.get_server_certificate(("127.0.0.1", port))

    before = await asyncio.to_thread(shown)
    certificates.renew(certificates.shown()[1].hosts)
    kept = certificates.server.read_text("ascii")

    async def renewed() -> bool:
        return (await asyncio.to_thread(shown)).split() == kept.split()

    assert before.split() != kept.split()
    await eventually(renewed, timeout=15, every=0.2)


async def test_its_metrics_are_there_and_the_admins_other_pages_are_not(edge: Edge) -> None:
    async with httpx.AsyncClient(trust_env=False) as plain:
        base = f"http://127.0.0.1:{edge.standing.place.metrics.port}"
        text = (await plain.get(f"{base}/metrics")).text
        assert "envoy_http_downstream_rq_total" in text
        assert "envoy_server_days_until_first_cert_expiring" in text
        assert (await plain.get(f"{base}/quitquitquit")).status_code == 404
        assert (await plain.get(f"{base}/config_dump")).status_code == 404


async def test_too_many_requests_of_one_client_are_429(edge: Edge) -> None:
    """At an Envoy of its own, which lets few in."""
    endpoints = {"bff.http": url(edge.doors[0])}
    place = place_of(edge.sandbox, endpoints, 0, limits=Limits(client_requests_per_second=FEW, drain=0.1))
    with ExitStack() as ended:
        standing = await asyncio.to_thread(ended.enter_context, stand(edge.sandbox, place))
        async with httpx.AsyncClient(base_url=standing.url, verify=edge.context, trust_env=False) as client:

            async def turned_away() -> bool:
                answers = await asyncio.gather(*(client.get(f"{PREFIX}/me") for _ in range(5 * FEW)))
                late = [answer for answer in answers if answer.status_code == 429]
                assert {answer.status_code for answer in answers} <= {401, 429}
                return bool(late) and code(late[0]) == "too_many_requests" and late[0].headers["retry-after"] == "1"

            await eventually(turned_away, timeout=30)
        await asyncio.to_thread(ended.close)


async def test_an_envoy_whose_runner_was_killed_gives_way_to_the_next(edge: Edge) -> None:
    """The runner is not there to end it: the next at the same port does."""
    door = edge.doors[0]
    place = place_of(edge.sandbox, {"bff.http": url(door)}, 0, limits=Limits(drain=0.1))
    runner = stand(edge.sandbox, place)
    orphan = await asyncio.to_thread(runner.__enter__)

    def again() -> int:
        with stand(edge.sandbox, place) as standing:
            assert orphan.process.wait(5) is not None
            return standing.process.pid

    assert await asyncio.to_thread(again) != orphan.process.pid
    await asyncio.to_thread(runner.__exit__, None, None, None)
