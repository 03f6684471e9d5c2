"""gRPC before the same door as HTTP: a call is a request to it, with its token, its rates, its line in the log."""

import asyncio
import contextlib
from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import unquote

import grpc
from google.protobuf.message import Message
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from services.bff.api.grpc.calls import Call, calls
from services.bff.api.grpc.refusals import refuse
from services.contracts.door import READY, TRADING
from services.kernel.peers import Answer
from services.kernel.service import Service
from services.kernel.transports import inprocess
from services.runtime import log
from services.runtime.asgi import ASGIApp

Context = grpc.aio.ServicerContext[Any, Any]
PASSED = ("authorization", "accept-language", "traceparent", "user-agent", "x-forwarded-for", "x-request-id")
"""What of a call's metadata is a header of its request."""
LOOK_EVERY = 2.0
"""Seconds between two looks whether the door is ready."""
GRACE = 1.0
"""Seconds that calls under way have at the end."""
MOST_METADATA = 16 * 1024
STREAMS = 100


async def serve(service: Service, app: ASGIApp, port: int) -> None:
    """For life; OSError where the port is not to be had."""
    server = grpc.aio.server(options=list(_options(service.settings.web.max_body)))
    server.add_generic_rpc_handlers((handlers(app),))
    state = health.aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(state, server)
    reflection.enable_server_reflection((TRADING, health.SERVICE_NAME, reflection.SERVICE_NAME), server)
    address = f"{service.settings.bff.grpc_host}:{port}"
    try:
        server.add_insecure_port(address)
    except RuntimeError as error:
        raise OSError(f"the gRPC door cannot listen on {address}: bff.grpc_port names another") from error
    await _say(state, ready=False)  # who asks before the first look is to hear so, and not that there is no such door
    await server.start()
    log.logger(service.name).info("grpc listening", port=port)
    try:
        await _tell(state, app)
    finally:
        with contextlib.suppress(asyncio.CancelledError):
            await state.enter_graceful_shutdown()
            await server.stop(GRACE)


def _options(most: int) -> Iterator[tuple[str, int]]:
    yield "grpc.max_receive_message_length", most
    yield "grpc.max_metadata_size", MOST_METADATA
    yield "grpc.max_concurrent_streams", STREAMS
    yield "grpc.so_reuseport", 0  # a second process on the port is a mistake, and should be told so


def handlers(app: ASGIApp) -> grpc.GenericRpcHandler:
    """All calls, each read and written by its messages."""
    methods = {
        name: grpc.unary_unary_rpc_method_handler(
            partial(_called, app, call),
            request_deserializer=call.request.FromString,
            response_serializer=call.answer.SerializeToString,
        )
        for name, call in calls()
    }
    return grpc.method_handlers_generic_handler(TRADING, methods)


async def _called(app: ASGIApp, call: Call, request: Message, context: Context) -> Message:
    target, body = call.asked(request)
    metadata = {str(key): str(value) for key, value in context.invocation_metadata() or ()}
    headers = {name: metadata[name] for name in PASSED if name in metadata}
    if body:
        headers["content-type"] = "application/json"
    answer = await ask(app, call.method, target, headers, body, client_of(context.peer()))
    if answer.status >= 400:
        await refuse(context, answer)
    return call.answered(answer.body)


async def ask(
    app: ASGIApp, method: str, target: str, headers: dict[str, str], body: bytes, client: str = "127.0.0.1"
) -> Answer:
    """The door's answer; a call that its client gives up ends as a request does whose client has gone."""
    scope = inprocess.scope_of(method, target, headers, body)
    scope["client"] = (client, 0)
    made = inprocess.Call(body)
    await made.run(app, scope)
    return Answer(made.status, made.headers, b"".join(made.chunks))


def client_of(peer: str) -> str:
    """The address in ``ipv4:10.0.0.7:1234`` or ``ipv6:%5B::1%5D:1234``."""
    return unquote(peer.partition(":")[2].rpartition(":")[0]).strip("[]") or "unknown"


async def _tell(state: health.aio.HealthServicer, app: ASGIApp) -> None:
    """Whether to send calls here, as the door itself says it."""
    while True:
        await _say(state, ready=(await ask(app, "GET", READY, {}, b"")).status == 200)
        await asyncio.sleep(LOOK_EVERY)


async def _say(state: health.aio.HealthServicer, *, ready: bool) -> None:
    said = health_pb2.HealthCheckResponse
    for name in ("", TRADING):
        await state.set(name, said.SERVING if ready else said.NOT_SERVING)
