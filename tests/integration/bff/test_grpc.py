"""The door by gRPC, asked by a real client: the same door as HTTP, its refusals with their codes."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from services.bff.api.grpc import trading_pb2 as pb
from services.bff.api.grpc.calls import calls
from services.bff.api.grpc.refusals import DETAILS
from services.contracts.door import TRADING
from tests import lowports
from tests.eventually import eventually
from tests.integration.bff.peers import TestPeer
from tests.integration.bff.stack import Stack

CALLS = dict(calls())
ORDER = {
    "id": "0190",
    "client_order_id": "mine-1",
    "symbol": "AAPL",
    "side": "buy",
    "type": "limit",
    "tif": "day",
    "quantity": "10",
    "limit_price": "199.90",
    "stop_price": None,
    "status": "new",
    "filled_quantity": "0",
    "average_price": None,
    "fees": "0.00",
    "currency": "USD",
    "reason": None,
    "created_at": "2024-08-08T14:30:00.000000Z",
    "updated_at": "2024-08-08T14:30:00.000000Z",
}
Token = dict[str, str]


@pytest.fixture
def options() -> dict[str, str]:
    return {"bff.grpc_port": str(lowports.row())}


@pytest.fixture
async def channel(running: Stack, options: dict[str, str]) -> AsyncIterator[grpc.aio.Channel]:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{options['bff.grpc_port']}") as made:
        await made.channel_ready()
        yield made


@pytest.fixture
async def orders(running: Stack) -> TestPeer:
    return TestPeer("orders")


def asked(peer: TestPeer) -> list[tuple[str, str]]:
    """Clients' requests: not whether it lives, and not what the BFF wants to know for itself."""
    return [each for each in peer.asked if not each[1].startswith(("/live", "/internal"))]


async def call(channel: grpc.aio.Channel, name: str, request: Message, token: Token | None = None, **more: str) -> Any:
    """One call; AioRpcError where it is refused."""
    kinds = CALLS[name]
    method = channel.unary_unary(
        f"/{TRADING}/{name}",
        request_serializer=kinds.request.SerializeToString,
        response_deserializer=kinds.answer.FromString,
    )
    metadata = [("authorization", f"Bearer {token['access_token']}")] if token else []
    return await method(request, metadata=[*metadata, *more.items()], timeout=10)


def reason(error: grpc.aio.AioRpcError) -> ErrorInfo:
    """The stable code that came with a refusal."""
    details = next(value for key, value in error.trailing_metadata() if key == DETAILS)
    assert isinstance(details, bytes)
    status, info = Status.FromString(details), ErrorInfo()
    assert status.code == error.code().value[0]
    assert status.details[0].Unpack(info)
    return info


async def test_market_data_is_read_with_absent_prices_absent(channel: grpc.aio.Channel, ann: Token) -> None:
    market = TestPeer("market_data")
    market.content = {"symbol": "AAPL", "seq": 7, "time": "t", "bids": [["199.90", "100"]], "asks": []}
    book = await call(channel, "GetBook", pb.GetBookRequest(symbol="AAPL", depth=5), ann)
    assert (book.seq, book.bids[0].price, book.bids[0].quantity) == (7, "199.90", "100")
    market.content = {"items": [{"symbol": "AAPL", "bid": "199.90", "ask": None, "stale": True, "new_field": 1}]}
    quotes = await call(channel, "GetQuotes", pb.GetQuotesRequest(symbols=["AAPL", "BTCUSDT"]), ann)
    (quote,) = quotes.items
    assert (quote.bid, quote.HasField("ask"), quote.stale) == ("199.90", False, True)
    assert asked(market) == [("GET", "/book/AAPL?depth=5"), ("GET", "/quotes?symbols=AAPL%2CBTCUSDT")]


async def test_an_order_is_placed_replaced_read_and_cancelled(
    channel: grpc.aio.Channel, orders: TestPeer, ann: Token
) -> None:
    orders.status, orders.content = 201, ORDER
    request = pb.PlaceOrderRequest(
        client_order_id="mine-1", symbol="AAPL", side="buy", type="limit", quantity="10", limit_price="199.90"
    )
    placed = await call(channel, "PlaceOrder", request, ann)
    assert (placed.id, placed.limit_price, placed.HasField("stop_price")) == ("0190", "199.90", False)
    orders.status = 200
    await call(channel, "ReplaceOrder", pb.ReplaceOrderRequest(id="0190", quantity="5"), ann)
    orders.content = {"items": [ORDER], "next": "c"}
    page = await call(channel, "GetOrders", pb.GetOrdersRequest(status=["new", "filled"], limit=2), ann)
    assert (page.items[0].status, page.next) == ("new", "c")
    orders.content = ORDER
    await call(channel, "CancelOrder", pb.CancelOrderRequest(id="0190"), ann)
    assert asked(orders) == [
        ("POST", "/orders"),
        ("PATCH", "/orders/0190"),
        ("GET", "/orders?status=new&status=filled&limit=2"),
        ("DELETE", "/orders/0190"),
    ]
    assert b'{"quantity":"5"}' in orders.bodies


async def test_a_cancel_without_an_order_is_not_one_of_all_orders(
    channel: grpc.aio.Channel, orders: TestPeer, ann: Token
) -> None:
    for id in ("", "..", "a/b", "?"):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await call(channel, "CancelOrder", pb.CancelOrderRequest(id=id), ann)
        assert refused.value.code() is grpc.StatusCode.NOT_FOUND
    assert asked(orders) == []


async def test_a_services_refusal_keeps_its_code_and_field(
    channel: grpc.aio.Channel, orders: TestPeer, ann: Token
) -> None:
    orders.status = 422
    orders.content = {"code": "off_tick", "detail": "the price is off its tick", "field": "limit_price"}
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await call(channel, "PlaceOrder", pb.PlaceOrderRequest(symbol="AAPL"), ann)
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert refused.value.details() == "the price is off its tick"
    info = reason(refused.value)
    assert (info.reason, dict(info.metadata)) == ("off_tick", {"field": "limit_price"})


async def test_no_token_and_a_bad_one_are_refused(channel: grpc.aio.Channel, orders: TestPeer) -> None:
    for token in (None, {"access_token": "made.up.token"}):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await call(channel, "GetOrders", pb.GetOrdersRequest(), token)
        assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED
        assert reason(refused.value).reason == "unauthenticated"
    assert asked(orders) == []


async def test_the_trace_goes_on_and_the_request_has_its_id(
    channel: grpc.aio.Channel, orders: TestPeer, ann: Token
) -> None:
    orders.content = {"items": [], "next": None}
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    sent = {"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01", "x-request-id": "request-0001"}
    await call(channel, "GetOrders", pb.GetOrdersRequest(), ann, **sent)
    assert orders.headers["traceparent"].split("-")[1] == trace_id
    assert orders.headers["x-request-id"] == "request-0001"


async def test_more_than_the_body_limit_is_refused(channel: grpc.aio.Channel, orders: TestPeer, ann: Token) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await call(channel, "PlaceOrder", pb.PlaceOrderRequest(symbol="A" * 70_000), ann)
    assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert asked(orders) == []


async def test_health_and_reflection_need_no_token(channel: grpc.aio.Channel, options: dict[str, str]) -> None:
    async def serving() -> bool:
        said = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(service=TRADING))
        return bool(said.status == health_pb2.HealthCheckResponse.SERVING)

    # The BFF's other peers are not there: it is not ready, and says so.
    assert not await serving()
    for name in ("market_data", "orders", "portfolio", "recommendations", "chat", "notifications"):
        TestPeer(name)
    assert await eventually(serving)


async def test_reflection_tells_the_calls(channel: grpc.aio.Channel, options: dict[str, str]) -> None:
    def told() -> tuple[set[str], set[str]]:
        with grpc.insecure_channel(f"127.0.0.1:{options['bff.grpc_port']}") as plain:
            database = ProtoReflectionDescriptorDatabase(plain)
            (file,) = [database.FindFileContainingSymbol(name) for name in database.get_services() if name == TRADING]
            return set(database.get_services()), {method.name for method in file.service[0].method}

    services, methods = await asyncio.to_thread(told)
    assert {TRADING, "grpc.health.v1.Health"} <= services
    assert methods == set(CALLS)
