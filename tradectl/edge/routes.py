"""Which request goes where, how long it may take, and which may be tried again: reads alone."""

from collections.abc import Iterator
from typing import Any

from services.contracts.door import PAGES, PREFIX, SOCKET, TRADING
from tradectl.edge.clusters import BFF, GRPC, Json, seconds, typed
from tradectl.edge.place import Limits, Place

BUFFER = "envoy.filters.http.buffer"
READS = {"name": ":method", "string_match": {"safe_regex": {"regex": "GET|HEAD"}}}
NEVER = "0s"
OPEN_GRPC = ("grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection")
"""Services of the gRPC door that need no token."""
ON_THE_WAY = "connect-failure,refused-stream,reset"
"""What happened on the way to a BFF, or to one that died; its own answers are passed on, whatever they are."""
UNBUFFERED = {BUFFER: typed("envoy.extensions.filters.http.buffer.v3.BufferPerRoute", disabled=True)}


def virtual_host(place: Place) -> Json:
    """Every name that leads here."""
    return {
        "name": "platform",
        "domains": ["*"],
        "routes": list(_routes(place)),
    }


def _routes(place: Place) -> Iterator[Json]:
    limits = place.limits
    yield _socket(limits)
    if place.grpc:
        yield from _grpc(limits)
    for path in PAGES:
        yield _route({"path": path, "headers": [READS]}, BFF, seconds(limits.request), retry=_retry(limits))
    yield _route({"prefix": f"{PREFIX}/", "headers": [READS]}, BFF, seconds(limits.request), retry=_retry(limits))
    yield _route({"prefix": f"{PREFIX}/"}, BFF, seconds(limits.request))
    # What is internal stays inside: health, metrics, the pages behind the sandbox's key.
    yield {"match": {"prefix": "/"}, "direct_response": {"status": 404, "body": {"inline_string": "no such path"}}}


def _socket(limits: Limits) -> Json:
    route = _route({"path": f"{PREFIX}{SOCKET}"}, BFF, NEVER)
    route["route"] |= {
        "idle_timeout": seconds(limits.socket_silence),
        "upgrade_configs": [{"upgrade_type": "websocket", "enabled": True}],
    }
    return {**route, "typed_per_filter_config": UNBUFFERED}


def _grpc(limits: Limits) -> Iterator[Json]:
    """Calls that are one message are bounded by the filter, streams by the server."""
    reads = {**_retry(limits), "retry_on": f"{ON_THE_WAY},unavailable"}
    yield _call(f"/{TRADING}/Get", limits, reads)
    yield _call(f"/{TRADING}/", limits)
    for service in OPEN_GRPC:
        yield {**_call(f"/{service}/", limits), "typed_per_filter_config": UNBUFFERED}


def _call(prefix: str, limits: Limits, retry: Json | None = None) -> Json:
    route = _route({"prefix": prefix, "grpc": {}}, GRPC, NEVER, retry=retry)
    longest = seconds(limits.request)
    route["route"]["max_stream_duration"] = {"max_stream_duration": longest, "grpc_timeout_header_max": longest}
    return route


def _route(match: Json, cluster: str, timeout: str, *, retry: Json | None = None) -> Json:
    more: dict[str, Any] = {"retry_policy": retry} if retry else {}
    return {"match": match, "route": {"cluster": cluster, "timeout": timeout, **more}}


def _retry(limits: Limits) -> Json:
    """At another BFF than the one that failed, if there is one."""
    previous = "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate"
    return {
        "retry_on": ON_THE_WAY,
        "num_retries": limits.retries,
        "per_try_timeout": seconds(limits.attempt),
        "retry_back_off": {"base_interval": "0.025s", "max_interval": "0.25s"},
        "retry_host_predicate": [
            {"name": "envoy.retry_host_predicates.previous_hosts", "typed_config": typed(previous)}
        ],
        "host_selection_retry_max_attempts": 3,
    }
