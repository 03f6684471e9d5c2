"""A trader by gRPC, in a process of its own: who has used grpcio forks no more without harm."""

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import msgspec

PATIENCE = 60.0


def traded(port: int, authority: bytes, token: str) -> dict[str, Any]:
    """What became of one order that was placed twice and of a call with a bad token, and which services are told of."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        told: bytes = apart.submit(_traded, port, authority, token).result(PATIENCE * 2)
    document: dict[str, Any] = msgspec.json.decode(told)
    return document


def _traded(port: int, authority: bytes, token: str) -> bytes:
    import grpc
    from grpc_health.v1 import health_pb2, health_pb2_grpc
    from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

    from services.bff.api.grpc import trading_pb2 as pb
    from services.bff.api.grpc.calls import calls
    from services.contracts.door import TRADING
    from tradectl.probes.eventually import eventually

    kinds = dict(calls())
    with grpc.secure_channel(f"localhost:{port}", grpc.ssl_channel_credentials(authority)) as channel:

        def call(name: str, request: Any, shown: str = token) -> Any:
            serializer, reader = kinds[name].request.SerializeToString, kinds[name].answer.FromString
            method = channel.unary_unary(f"/{TRADING}/{name}", serializer, reader)
            return method(request, metadata=(("authorization", f"Bearer {shown}"),), timeout=15)

        def serving() -> bool | None:
            try:
                said = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=5)
            except grpc.RpcError:
                return None
            return True if said.status == health_pb2.HealthCheckResponse.SERVING else None

        eventually(serving, PATIENCE, what="the gRPC door serves")
        services = list(ProtoReflectionDescriptorDatabase(channel).get_services())
        began = time.monotonic()
        symbols = [each.symbol for each in call("GetInstruments", pb.GetInstrumentsRequest()).items]
        order = pb.PlaceOrderRequest(
            client_order_id="by-grpc", symbol="AAPL", side="buy", type="market", tif="ioc", quantity="1"
        )
        ids = [call("PlaceOrder", order).id for _ in range(2)]
        fills = eventually(
            lambda: len(call("GetOrder", pb.GetOrderRequest(id=ids[0])).fills) or None, PATIENCE, what="it is filled"
        )
        try:
            call("GetPortfolio", pb.GetPortfolioRequest(), "made.up.token")
            refused = ""
        except grpc.RpcError as error:
            refused = error.code().name
        seconds = time.monotonic() - began
    told = {"symbols": symbols, "ids": ids, "fills": fills, "refused": refused, "seconds": seconds}
    return msgspec.json.encode({**told, "services": services})
