"""What a request passes on its way to its route: the rates, its token, its size."""

from collections.abc import Iterator

from services.contracts.door import AUDIENCE, ISSUER, JWKS, PAGES, PREFIX, PUBLIC, SOCKET
from tradectl.edge.clusters import BFF, Json, seconds, typed
from tradectl.edge.place import Limits, Place
from tradectl.edge.routes import BUFFER, OPEN_GRPC

PROVIDER = "auth"
KEYS_KEPT = 5.0
"""Seconds for which the keys are kept; auth publishes a new one for longer than that before it signs."""
SKEW = 1
"""Seconds by which a token may be over."""


def filters(place: Place) -> Iterator[Json]:
    """In the order in which they are asked."""
    yield {"name": "envoy.filters.http.local_ratelimit", "typed_config": _rates(place.limits)}
    yield {"name": "envoy.filters.http.jwt_authn", "typed_config": _tokens(place)}
    kind = "envoy.extensions.filters.http.buffer.v3.Buffer"
    yield {"name": BUFFER, "typed_config": typed(kind, max_request_bytes=place.limits.body)}
    yield {
        "name": "envoy.filters.http.router",
        "typed_config": typed("envoy.extensions.filters.http.router.v3.Router", suppress_envoy_headers=True),
    }


def _rates(limits: Limits) -> Json:
    """A bucket for each client's address, and one for all."""
    always = {"default_value": {"numerator": 100, "denominator": "HUNDRED"}}
    return typed(
        "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit",
        stat_prefix="edge",
        token_bucket=_bucket(limits.requests_per_second),
        filter_enabled={**always, "runtime_key": "edge.rates"},
        filter_enforced={**always, "runtime_key": "edge.rates_enforced"},
        descriptors=[
            {"entries": [{"key": "remote_address"}], "token_bucket": _bucket(limits.client_requests_per_second)}
        ],
        rate_limits=[{"actions": [{"remote_address": {}}]}],
        max_dynamic_descriptors=limits.clients,
        always_consume_default_token_bucket=True,
        rate_limited_as_resource_exhausted=True,
        response_headers_to_add=[
            {"header": {"key": "retry-after", "value": "1"}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}
        ],
    )


def _bucket(per_second: int) -> Json:
    return {"max_tokens": per_second, "tokens_per_fill": per_second, "fill_interval": "1s"}


def _tokens(place: Place) -> Json:
    keys = {
        "http_uri": {"uri": f"http://{BFF}{PREFIX}{JWKS}", "cluster": BFF, "timeout": "2s"},
        "cache_duration": seconds(KEYS_KEPT),
        "async_fetch": {"failed_refetch_duration": "1s"},
    }
    provider = {
        "issuer": ISSUER,
        "audiences": [AUDIENCE],
        "remote_jwks": keys,
        "forward": True,  # the BFF looks for itself, and it knows which sessions have ended
        "clock_skew_seconds": SKEW,
        "jwt_cache_config": {"jwt_cache_size": 1000},
    }
    needed = {"match": {"prefix": "/"}, "requires": {"provider_name": PROVIDER}}
    rules = [*({"match": match} for match in _public(place)), needed]
    return typed(
        "envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication", providers={PROVIDER: provider}, rules=rules
    )


def _public(place: Place) -> Iterator[Json]:
    """Requests that need no token."""
    yield {"path": f"{PREFIX}{SOCKET}"}
    for path in PAGES:
        yield from ({"path": path}, {"path": f"{PREFIX}{path}"})
    for route in PUBLIC:
        method, path = route.split()
        yield {"path": f"{PREFIX}{path}", "headers": [_method(method)]}
    yield {"prefix": "/", "headers": [_method("OPTIONS")]}  # a browser's question before the request carries none
    if place.grpc:
        yield from ({"prefix": f"/{service}/"} for service in OPEN_GRPC)


def _method(method: str) -> Json:
    return {"name": ":method", "string_match": {"exact": method}}
