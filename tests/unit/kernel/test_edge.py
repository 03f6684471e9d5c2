import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiormq.exceptions import ChannelInvalidStateError
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from services.contracts.errors import DomainError
from services.kernel.broker import BrokerLost
from services.kernel.edge import Edge
from services.kernel.transports.inprocess import Call, scope_of
from services.kernel.web import JSON, App
from services.runtime import log, logfile, trace
from services.runtime.asgi import Message
from services.runtime.metrics import Metrics
from tests.unit.kernel.test_lost import sqlite_error

LIMIT = 1_000
REQUEST_ID = "client-request-1"
JSON_TYPE = {"content-type": "application/json"}


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")

    symbol: str
    quantity: int


def routes() -> APIRouter:
    router = APIRouter()

    @router.post("/orders")
    async def post(order: Order) -> JSON:
        return JSON({"symbol": order.symbol, "bound": dict(log.bound()), "trace": trace.header()}, 201)

    @router.get("/orders/{number}")
    async def get(number: int) -> JSON:
        if number == 404:
            raise DomainError("order_not_found", 404)
        if number == 503:
            raise sqlite_error(sqlite3.SQLITE_FULL)
        raise ArithmeticError("a mistake of ours")

    @router.get("/internal/settled")
    async def settled() -> JSON:
        raise BrokerLost("it is silent") from ChannelInvalidStateError("closed")

    @router.delete("/orders/{number}")
    async def delete(number: int) -> JSON:
        return JSON({"number": number})

    return router


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[Edge]:
    logfile.configure(tmp_path)
    yield Edge(App("Test", routes()), Metrics("test"), LIMIT, "test")
    logfile.forget()


async def ask(edge: Edge, method: str, path: str, body: bytes = b"", **headers: str) -> Call:
    call = Call(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    await edge(scope_of(method, path, {**JSON_TYPE, **named}, body), call.receive, call.send)
    return call


def read(call: Call) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(b"".join(call.chunks))
    return document


async def test_a_request_keeps_its_id_and_its_trace(edge: Edge) -> None:
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    body = b'{"symbol": "AAPL", "quantity": 1}'
    call = await ask(edge, "POST", "/orders", body, x_request_id=REQUEST_ID, traceparent=parent)
    assert call.status == 201
    assert call.headers["x-request-id"] == REQUEST_ID
    assert call.headers["traceparent"] == read(call)["trace"]
    assert read(call)["bound"] == {"request_id": REQUEST_ID}
    assert read(call)["trace"].split("-")[1] == "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize("bad", ["", "short", "x" * 65, "line\nbreak-in-it", "né-né-né-né"])
async def test_an_id_that_could_do_harm_is_replaced(edge: Edge, bad: str) -> None:
    call = await ask(edge, "GET", "/orders/404", x_request_id=bad)
    assert len(call.headers["x-request-id"]) == 32


async def test_an_unknown_route_and_a_wrong_method_are_problems(edge: Edge) -> None:
    unknown, wrong = await ask(edge, "GET", "/nowhere"), await ask(edge, "OPTIONS", "/orders/1")
    assert (unknown.status, read(unknown)["code"]) == (404, "not_found")
    assert (wrong.status, read(wrong)["code"], wrong.headers["allow"]) == (405, "method_not_allowed", "GET, DELETE")


@pytest.mark.parametrize("body", [b"{", b"", b"\xff\xfe", b"[" * 900, b'{"quantity": ' + b"9" * 900 + b"}"])
async def test_a_body_that_is_no_good_json_is_refused(edge: Edge, body: bytes) -> None:
    call = await ask(edge, "POST", "/orders", body)
    assert (call.status, read(call)["code"]) in {(400, "malformed_json"), (422, "invalid")}


async def test_what_is_wrong_with_a_body_is_said_by_field(edge: Edge) -> None:
    problem = read(await ask(edge, "POST", "/orders", b'{"symbol": "AAPL", "quantity": "x", "colour": 1}'))
    assert (problem["status"], problem["code"], problem["field"]) == (422, "invalid", "quantity")
    assert [error["field"] for error in problem["errors"]] == ["quantity", "colour"]


@pytest.mark.parametrize("text", ["\\ud800", "\\uDC00\\ud800", "\\ud83d"])
async def test_half_of_a_surrogate_pair_is_no_text(edge: Edge, text: str) -> None:
    call = await ask(edge, "POST", "/orders", f'{{"symbol": "{text}", "quantity": 1}}'.encode())
    assert (call.status, read(call)["code"]) == (400, "malformed_json")


@pytest.mark.parametrize("text", ["\\ud83d\\ude00", "\\\\ud800", "Ünï 😀"])
async def test_any_other_text_is(edge: Edge, text: str) -> None:
    call = await ask(edge, "POST", "/orders", f'{{"symbol": "{text}", "quantity": 1}}'.encode())
    assert (call.status, read(call)["symbol"]) == (201, json.loads(f'"{text}"'))


async def test_a_path_that_does_not_fit_is_refused_by_field(edge: Edge) -> None:
    problem = read(await ask(edge, "GET", "/orders/x"))
    assert (problem["status"], problem["field"]) == (422, "number")


async def test_a_refusal_of_the_domain_is_a_problem(edge: Edge) -> None:
    call = await ask(edge, "GET", "/orders/404", x_request_id=REQUEST_ID)
    assert (call.status, read(call)["code"], read(call)["request_id"]) == (404, "order_not_found", REQUEST_ID)


async def test_a_body_over_the_limit_is_refused_unread(edge: Edge) -> None:
    call = await ask(edge, "POST", "/orders", b" " * (LIMIT + 1))
    assert (call.status, read(call)["code"]) == (413, "too_large")


async def test_a_body_of_unsaid_length_is_refused_when_it_passes_the_limit(edge: Edge) -> None:
    call, sent = Call(b""), 0

    async def endless() -> Message:
        nonlocal sent
        sent += 300
        return {"type": "http.request", "body": b" " * 300, "more_body": True}

    scope = scope_of("POST", "/orders", JSON_TYPE, b"")
    scope["headers"] = [(b"content-type", b"application/json"), (b"transfer-encoding", b"chunked")]
    await edge(scope, endless, call.send)
    assert (call.status, read(call)["code"]) == (413, "too_large")
    assert sent == 1_200


async def test_a_client_that_leaves_while_it_sends_is_counted_and_nothing_else(edge: Edge, tmp_path: Path) -> None:
    call = Call(b"")

    async def leave() -> Message:
        return {"type": "http.disconnect"}

    scope = scope_of("POST", "/orders", JSON_TYPE, b"{}")
    await edge(scope, leave, call.send)
    logfile.flush()
    (access,) = map(json.loads, (tmp_path / "test.jsonl").read_text().splitlines())
    assert (call.status, access["status"]) == (0, 499)


async def test_a_lost_database_is_unavailable_and_no_mistake(edge: Edge) -> None:
    call = await ask(edge, "GET", "/orders/503")
    assert (call.status, read(call)["code"]) == (503, "unavailable")
    assert read(call)["detail"] == "the database of test does not answer; nothing was done"


async def test_a_lost_part_is_in_the_log_without_a_trace(edge: Edge, tmp_path: Path) -> None:
    await ask(edge, "GET", "/orders/503")
    logfile.flush()
    lost, access = map(json.loads, (tmp_path / "test.jsonl").read_text().splitlines())
    assert (lost["event"], lost["level"], lost["path"]) == ("a part is lost", "warning", "/orders/503")
    assert ("exception" in lost, access["status"]) == (False, 503)


async def test_who_waits_until_all_is_settled_fills_no_log_while_a_part_is_lost(edge: Edge, tmp_path: Path) -> None:
    assert (await ask(edge, "GET", "/internal/settled")).status == 503
    logfile.flush()
    assert not (tmp_path / "test.jsonl").exists()


async def test_a_mistake_of_ours_is_an_internal_problem_and_in_the_log(edge: Edge, tmp_path: Path) -> None:
    call = await ask(edge, "GET", "/orders/500", x_request_id=REQUEST_ID)
    assert (call.status, read(call)["code"]) == (500, "internal")
    assert "a mistake" not in read(call)["detail"]
    logfile.flush()
    failed, access = map(json.loads, (tmp_path / "test.jsonl").read_text().splitlines())
    assert "a mistake of ours" in failed["exception"]
    assert failed["request_id"] == access["request_id"] == REQUEST_ID
    assert (access["event"], access["status"]) == ("request", 500)


async def test_requests_are_counted_by_route_not_by_path(edge: Edge) -> None:
    for number in range(3):
        await ask(edge, "GET", f"/orders/{number}")
    assert 'http_response_status_code="500",http_route="/orders/{number}"} 3.0' in edge.metrics.text().decode()


async def test_what_one_request_bound_is_gone_with_it(edge: Edge) -> None:
    await ask(edge, "GET", "/orders/404", x_request_id=REQUEST_ID)
    assert log.bound() == {}
    assert trace.current() is None


async def test_the_openapi_page_declares_a_problem_for_every_refusal(edge: Edge) -> None:
    document = read(await ask(edge, "GET", "/openapi.json"))
    assert document["components"]["schemas"].keys() >= {"Order", "Problem"}
    responses = document["paths"]["/orders"]["post"]["responses"]
    assert responses["422"]["content"].keys() == {"application/problem+json"}
    assert "HTTPValidationError" not in json.dumps(document)
