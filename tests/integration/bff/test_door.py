"""Requests through the door: what is passed on, what is added, what is refused."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from services.bff.domain.routes import ROUTES
from tests.eventually import eventually
from tests.integration.bff.peers import TestPeer
from tests.integration.bff.stack import KEY, Mailbox, Stack, bearer, logged_in, registered
from tests.integration.bff.wire import API


@pytest.fixture
async def orders(running: Stack) -> TestPeer:
    return TestPeer("orders")


async def test_a_request_is_passed_on_as_it_is(
    client: httpx.AsyncClient, orders: TestPeer, ann: dict[str, str]
) -> None:
    orders.status, orders.content = 201, {"id": "1", "price": "199.90"}
    body = b'{"symbol": "AAPL",   "quantity": "1"}'
    headers = {**bearer(ann), "Idempotency-Key": "k-1", "X-Internal-Key": KEY, "Content-Type": "application/json"}
    answer = await client.post(f"{API}/orders?x=%20y", content=body, headers=headers)
    assert (answer.status_code, answer.json()) == (201, orders.content)
    assert orders.asked == [("POST", "/orders?x=%20y")]
    assert orders.bodies == [body]
    assert orders.headers["idempotency-key"] == "k-1"
    assert orders.headers["authorization"] == bearer(ann)["Authorization"]
    assert "x-internal-key" not in orders.headers


async def test_every_answer_has_the_security_headers(client: httpx.AsyncClient, ann: dict[str, str]) -> None:
    for path in (f"{API}/me", f"{API}/nothing", f"{API}/portfolio", f"{API}/docs", "/live"):
        answer = await client.get(path, headers=bearer(ann))
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert answer.headers["x-frame-options"] == "DENY"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_request_id_and_trace_come_in_and_go_out(
    client: httpx.AsyncClient, orders: TestPeer, ann: dict[str, str]
) -> None:
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    sent = {"X-Request-Id": "request-0001", "traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"}
    answer = await client.get(f"{API}/orders", headers={**bearer(ann), **sent})
    assert answer.headers.get_list("x-request-id") == ["request-0001"]
    assert orders.headers["x-request-id"] == "request-0001"
    assert orders.headers["traceparent"].split("-")[1] == trace_id
    assert answer.headers["traceparent"].split("-")[1] == trace_id
    plain = await client.get(f"{API}/orders", headers=bearer(ann))
    assert len(plain.headers["x-request-id"]) >= 26


async def test_a_route_that_needs_a_token_refuses_every_bad_one(client: httpx.AsyncClient) -> None:
    for route in ROUTES:
        path = API + route.path.replace("{", "").replace("}", "")
        for headers in ({}, {"Authorization": "Bearer x.y.z"}):
            answer = await client.request(route.method, path, headers=headers)
            assert (answer.status_code == 401) == route.token, (route, answer.status_code)


async def test_roles_are_checked_behind_the_door(
    client: httpx.AsyncClient, mailbox: Mailbox, ann: dict[str, str]
) -> None:
    root = bearer(await logged_in(client, "root@example.org", API, "a long admin password"))
    assert (await client.get(f"{API}/admin/users", headers=bearer(ann))).status_code == 403
    assert (await client.get(f"{API}/admin/users", headers=root)).status_code == 200


PAST = (
    "/orders/..%2finternal%2fstate",
    "/orders/%2e%2e",
    "/orders/../internal/state",
    "/internal/state",
    "/metrics",
    "/quotes/A%00",
    "/quotes/",
    "/orders/a/b",
    "",
    "x",
)


async def test_no_path_leads_past_the_routes(running: Stack, orders: TestPeer, ann: dict[str, str]) -> None:
    token = bearer(ann)["Authorization"]
    for path in PAST:
        reader, writer = await asyncio.open_connection("127.0.0.1", running.ports["bff"])
        head = f"GET {API}{path} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode())
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        assert answer.startswith(b"HTTP/1.1 404"), path
    assert orders.asked == []


async def test_a_method_that_a_path_does_not_take_is_named(client: httpx.AsyncClient, ann: dict[str, str]) -> None:
    answer = await client.put(f"{API}/orders", headers=bearer(ann))
    assert (answer.status_code, answer.headers["allow"]) == (405, "DELETE, GET, POST")
    assert answer.json()["code"] == "method_not_allowed"


async def test_a_body_over_64_kib_is_refused_announced_or_not(
    client: httpx.AsyncClient, orders: TestPeer, ann: dict[str, str]
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b"x" * 1024

    for content in (b"x" * 65_537, chunks()):
        answer = await client.post(f"{API}/orders", content=content, headers=bearer(ann))
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert orders.asked == []


async def test_a_write_without_an_answer_has_an_unknown_outcome(
    client: httpx.AsyncClient, orders: TestPeer, ann: dict[str, str]
) -> None:
    orders.broken = 1
    answer = await client.post(f"{API}/orders", content=b"{}", headers=bearer(ann))
    assert (answer.status_code, answer.json()["code"]) == (504, "outcome_unknown")
    assert "orders" in answer.json()["detail"]
    assert len(orders.asked) == 1


async def test_a_read_that_failed_quickly_is_tried_once_more(
    client: httpx.AsyncClient, orders: TestPeer, ann: dict[str, str]
) -> None:
    orders.broken = 1
    assert (await client.get(f"{API}/orders", headers=bearer(ann))).status_code == 200
    assert len(orders.asked) == 2


async def test_a_service_that_is_not_there_is_named(
    client: httpx.AsyncClient, running: Stack, ann: dict[str, str]
) -> None:
    for method in ("GET", "POST"):
        answer = await client.request(method, f"{API}/chat/topics", headers=bearer(ann))
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert "chat" in answer.json()["detail"]


class TestSilence:
    @pytest.fixture
    def options(self) -> dict[str, str]:
        return {"peers.timeout": "0.6", "peers.breaker_failures": "2", "peers.breaker_pause": "0.3"}

    async def test_a_silent_service_is_left_alone_after_a_while_and_tried_again(
        self, client: httpx.AsyncClient, orders: TestPeer, ann: dict[str, str]
    ) -> None:
        orders.silent = True
        answer = await client.get(f"{API}/orders", headers=bearer(ann))
        assert (answer.status_code, answer.json()["code"]) == (504, "timeout")
        answer = await client.post(f"{API}/orders", content=b"{}", headers=bearer(ann))
        assert (answer.status_code, answer.json()["code"]) == (504, "outcome_unknown")
        asked = len(orders.asked)
        answer = await client.post(f"{API}/orders", content=b"{}", headers=bearer(ann))
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert len(orders.asked) == asked
        orders.silent = False

        async def answered() -> bool:
            return (await client.get(f"{API}/orders", headers=bearer(ann))).status_code == 200

        assert await eventually(answered)


class TestRates:
    @pytest.fixture
    def options(self) -> dict[str, str]:
        return {"bff.log_ins_per_minute": "6", "bff.user_requests_per_second": "5"}

    async def test_too_many_log_ins_from_one_address_are_refused(
        self, client: httpx.AsyncClient, ann: dict[str, str]
    ) -> None:
        body = {"email": "ann@example.org", "password": "a wrong password"}
        answers = [await client.post(f"{API}/auth/login", json=body) for _ in range(7)]
        assert 401 in {answer.status_code for answer in answers[:3]}
        assert answers[-1].status_code == 429
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 60

    async def test_a_runaway_loop_is_stopped_and_others_are_not(
        self, client: httpx.AsyncClient, mailbox: Mailbox, ann: dict[str, str]
    ) -> None:
        answers = await asyncio.gather(*(client.get(f"{API}/me", headers=bearer(ann)) for _ in range(40)))
        refused = [answer for answer in answers if answer.status_code == 429]
        assert len(refused) >= 20
        assert refused[0].headers["retry-after"] == "1"
        assert refused[0].json()["code"] == "too_many_requests"
        await registered(client, mailbox, "bob@example.org", API)
        bob = await logged_in(client, "bob@example.org", API)
        assert (await client.get(f"{API}/me", headers=bearer(bob))).status_code == 200


class TestOrigins:
    @pytest.fixture
    def options(self) -> dict[str, str]:
        return {"bff.cors_origins": "https://trade.example https://other.example"}

    async def test_only_pages_of_allowed_sites_may_read(self, client: httpx.AsyncClient, ann: dict[str, str]) -> None:
        asked = {"Access-Control-Request-Method": "POST"}
        good, bad = {"Origin": "https://trade.example"}, {"Origin": "https://evil.example"}
        preflight = await client.options(f"{API}/orders", headers={**good, **asked})
        assert preflight.status_code == 204
        assert preflight.headers["access-control-allow-origin"] == "https://trade.example"
        assert (await client.options(f"{API}/orders", headers={**bad, **asked})).status_code == 403
        answer = await client.get(f"{API}/me", headers={**bearer(ann), **good})
        assert answer.headers["access-control-allow-origin"] == "https://trade.example"
        refused = await client.get(f"{API}/me", headers=bad)
        assert refused.status_code == 401
        assert "access-control-allow-origin" not in refused.headers
        assert "access-control-allow-origin" in (await client.get(f"{API}/me", headers=good)).headers


async def test_without_its_services_the_bff_is_degraded_and_says_which(
    client: httpx.AsyncClient, running: Stack, orders: TestPeer
) -> None:
    for name in ("portfolio", "recommendations", "chat", "notifications"):
        TestPeer(name)
    assert (await client.get("/ready")).json()["status"] == "ready"
    orders.broken = 1
    page = await client.get("/ready")
    assert (page.status_code, page.json()["status"]) == (200, "degraded")
    assert page.json()["checks"]["orders"] != "ok"
    assert page.json()["checks"]["auth"] == "ok"
