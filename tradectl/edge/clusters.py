"""Who stands behind the edge: the BFFs with their health, the collector of spans, Envoy's own admin page."""

from collections.abc import Iterator, Sequence
from typing import Any

from services.contracts.door import READY
from tradectl.edge.place import LOOPBACK, Address, Place

Json = dict[str, Any]
BFF, GRPC, OTLP, ADMIN = "bff", "bff_grpc", "otlp", "admin"
PROTOCOL = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
CHECK_EVERY = 1.0
"""Seconds."""
IDLE = 3.0
"""Seconds for which an unused connection is kept: the BFF's server closes one after five, and a request that crosses
that is a request that nobody knows the outcome of."""
LONG = 300.0


def typed(kind: str, **rest: Any) -> Json:
    """A message of this type."""
    return {"@type": f"type.googleapis.com/{kind}", **rest}


def seconds(span: float) -> str:
    """As Envoy writes a duration."""
    return f"{span:g}s"


LOOKED_UP = {
    "cluster_type": {
        "name": "envoy.clusters.dns",
        "typed_config": typed(
            "envoy.extensions.clusters.dns.v3.DnsCluster",
            dns_lookup_family="V4_PREFERRED",
            dns_refresh_rate="5s",
            respect_dns_ttl=True,
        ),
    }
}
"""By name, which may lead to several addresses, each an endpoint; asked for again as they come and go."""


def clusters(place: Place) -> Iterator[Json]:
    """All of them; the doors of one BFF fail for themselves."""
    yield _cluster(BFF, place.bffs) | _watched({"http_health_check": {"path": READY}}) | _http1()
    if place.grpc:
        yield _cluster(GRPC, place.grpc) | _watched({"grpc_health_check": {}}) | _http2(IDLE)
    # Without a collector nobody is there: Envoy's tracer wants an exporter, and is what makes a traceparent.
    yield _cluster(OTLP, [place.otlp] if place.otlp else []) | _http2(LONG)
    yield _cluster(ADMIN, [Address(LOOPBACK, place.admin)])


def _cluster(name: str, addresses: Sequence[Address]) -> Json:
    by_name = any(each.is_name for each in addresses)
    return {
        "name": name,
        **(LOOKED_UP if by_name else {"type": "STATIC"}),
        "connect_timeout": "0.5s",
        "lb_policy": "LEAST_REQUEST",
        "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [_endpoint(a) for a in addresses]}]},
    }


def _endpoint(address: Address) -> Json:
    return {"endpoint": {"address": socket_address(address)}}


def socket_address(address: Address) -> Json:
    return {"socket_address": {"address": address.host, "port_value": address.port}}


def _watched(check: Json) -> Json:
    """Out at once when it does not answer, back with its first good answer.

    A BFF that answers 503 for a service behind it is not at fault itself: only what happens on the way to it counts.
    """
    return {
        "health_checks": [
            {
                "timeout": seconds(CHECK_EVERY),
                "interval": seconds(CHECK_EVERY),
                "no_traffic_interval": seconds(CHECK_EVERY),
                "unhealthy_threshold": 2,
                "healthy_threshold": 1,
                **check,
            }
        ],
        "outlier_detection": {
            "split_external_local_origin_errors": True,
            "consecutive_local_origin_failure": 3,
            "enforcing_consecutive_local_origin_failure": 100,
            "enforcing_local_origin_success_rate": 0,
            "enforcing_consecutive_5xx": 0,
            "enforcing_consecutive_gateway_failure": 0,
            "enforcing_success_rate": 0,
            "interval": "1s",
            "base_ejection_time": "2s",
            "max_ejection_time": "10s",
            "max_ejection_percent": 50,
        },
        # A name leads away from a pod before that ends; kept while it answers, it would be asked once it is gone.
        "ignore_health_on_host_removal": True,
        # Without one that is well, 503 at once is more honest than a try at one that is not.
        "common_lb_config": {"healthy_panic_threshold": {"value": 0}},
        "circuit_breakers": {
            "thresholds": [
                {
                    "max_connections": 1024,
                    "max_pending_requests": 1024,
                    "max_requests": 4096,
                    "retry_budget": {"budget_percent": {"value": 20}, "min_retry_concurrency": 10},
                }
            ]
        },
    }


def _http1() -> Json:
    return _protocol({"http_protocol_options": {}}, IDLE)


def _http2(idle: float) -> Json:
    options = {"connection_keepalive": {"interval": "10s", "timeout": "2s"}}
    return _protocol({"http2_protocol_options": options}, idle)


def _protocol(explicit: Json, idle: float) -> Json:
    common = {"idle_timeout": seconds(idle)}
    return {
        "typed_extension_protocol_options": {
            PROTOCOL: typed(PROTOCOL, common_http_protocol_options=common, explicit_http_config=explicit)
        }
    }
