"""The two doors of the edge: TLS for clients, and plain for who measures it."""

from typing import Any

from tradectl.edge.clusters import ADMIN, OTLP, Json, seconds, socket_address, typed
from tradectl.edge.filters import filters
from tradectl.edge.place import Place
from tradectl.edge.replies import local_replies
from tradectl.edge.routes import virtual_host

MANAGER = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
SECRET = "certificate"  # noqa: S105 (a name, not a password)
CIPHERS = [
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
]
"""Of TLS 1.2; those of 1.3 are all good."""
ACCESS = {
    "time": "%START_TIME%",
    "event": "request",
    "service": "edge",
    "method": "%REQ(:METHOD)%",
    "path": "%PATH(NQ:PATH)%",
    "protocol": "%PROTOCOL%",
    "status": "%RESPONSE_CODE%",
    "grpc_status": "%GRPC_STATUS%",
    "ms": "%DURATION%",
    "received": "%BYTES_RECEIVED%",
    "sent": "%BYTES_SENT%",
    "flags": "%RESPONSE_FLAGS%",
    "details": "%RESPONSE_CODE_DETAILS%",
    "upstream": "%UPSTREAM_HOST%",
    "attempts": "%UPSTREAM_REQUEST_ATTEMPT_COUNT%",
    "client": "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
    "tls": "%DOWNSTREAM_TLS_VERSION%",
    "request_id": "%REQ(X-REQUEST-ID)%",
    "trace_id": "%TRACE_ID%",
}
"""One line a request; no header that may hold a token, and no query."""


def clients(place: Place) -> Json:
    """The door of the outside: TLS 1.2 and 1.3, HTTP/1.1 and HTTP/2."""
    manager = {"name": "envoy.filters.network.http_connection_manager", "typed_config": _manager(place)}
    return {
        "name": "clients",
        "address": socket_address(place.listen),
        "per_connection_buffer_limit_bytes": 256 * 1024,
        "listener_filters": [
            {
                "name": "envoy.filters.listener.tls_inspector",
                "typed_config": typed("envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector"),
            }
        ],
        "filter_chains": [
            {"transport_socket": _tls(place), "transport_socket_connect_timeout": "5s", "filters": [manager]}
        ],
    }


def _tls(place: Place) -> Json:
    context = {
        "tls_params": {
            "tls_minimum_protocol_version": "TLSv1_2",
            "tls_maximum_protocol_version": "TLSv1_3",
            "cipher_suites": CIPHERS,
        },
        "alpn_protocols": ["h2", "http/1.1"],
        "tls_certificate_sds_secret_configs": [
            {"name": SECRET, "sds_config": {"path_config_source": {"path": place.secret}, "resource_api_version": "V3"}}
        ],
    }
    kind = "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext"
    return {"name": "envoy.transport_sockets.tls", "typed_config": typed(kind, common_tls_context=context)}


def secret(place: Place) -> Json:
    """``certificate.yaml``: read again whenever a file of the certificate's folder is replaced, without a restart."""
    folder = place.certificate.rpartition("/")[0] or "."
    kind = "envoy.extensions.transport_sockets.tls.v3.Secret"
    certificate = {
        "certificate_chain": {"filename": place.certificate},
        "private_key": {"filename": place.key},
        "watched_directory": {"path": folder},
    }
    return {"resources": [typed(kind, name=SECRET, tls_certificate=certificate)]}


def _manager(place: Place) -> Json:
    limits = place.limits
    options: dict[str, Any] = {
        "codec_type": "AUTO",
        "stat_prefix": "clients",
        "route_config": {"name": "platform", "virtual_hosts": [virtual_host(place)]},
        "http_filters": list(filters(place)),
        "local_reply_config": local_replies(),
        "access_log": [_access_log()],
        "tracing": _tracing(),
    }
    return typed(MANAGER, **options, **_addresses(place), **_bounds(place), drain_timeout=seconds(limits.drain))


def _addresses(place: Place) -> Json:
    """Whose word is taken for what: a client's for its request's id, nobody's for his address."""
    return {
        "use_remote_address": True,
        "xff_num_trusted_hops": place.proxies,
        "server_header_transformation": "PASS_THROUGH",
        "generate_request_id": True,
        "preserve_external_request_id": True,
        "always_set_request_id_in_response": True,
        "request_id_extension": {
            "typed_config": typed(
                "envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig",
                pack_trace_reason=False,
                use_request_id_for_trace_sampling=False,
            )
        },
        "normalize_path": True,
        "path_with_escaped_slashes_action": "REJECT_REQUEST",
    }


def _bounds(place: Place) -> Json:
    limits = place.limits
    return {
        "common_http_protocol_options": {
            "idle_timeout": "300s",
            "max_headers_count": limits.headers,
            "headers_with_underscores_action": "REJECT_REQUEST",
        },
        "http2_protocol_options": {
            "max_concurrent_streams": limits.streams,
            "initial_stream_window_size": 64 * 1024,
            "initial_connection_window_size": 1024 * 1024,
            "allow_connect": True,  # a WebSocket over HTTP/2 (RFC 8441)
        },
        "max_request_headers_kb": limits.headers_kib,
        "request_headers_timeout": "5s",
        "request_timeout": seconds(limits.request),
        "stream_idle_timeout": seconds(limits.socket_silence),
        "delayed_close_timeout": "1s",
    }


def _access_log() -> Json:
    kind = "envoy.extensions.access_loggers.stream.v3.StdoutAccessLog"
    return {
        "name": "envoy.access_loggers.stdout",
        "typed_config": typed(kind, log_format={"json_format": ACCESS, "omit_empty_values": True}),
    }


def _tracing() -> Json:
    """A request without a traceparent gets one; with one, the edge is a span of that trace."""
    export = {"envoy_grpc": {"cluster_name": OTLP}, "timeout": "1s"}
    config = typed("envoy.config.trace.v3.OpenTelemetryConfig", service_name="edge", grpc_service=export)
    return {
        "provider": {"name": "envoy.tracers.opentelemetry", "typed_config": config},
        "random_sampling": {"value": 100},
        "spawn_upstream_span": False,
    }


def metrics(place: Place) -> Json:
    """Prometheus' page and readiness, of the admin's pages these two alone."""
    pages = {"/metrics": "/stats/prometheus", "/stats/prometheus": "/stats/prometheus", "/ready": "/ready"}
    routes = [
        {"match": {"path": path}, "route": {"cluster": ADMIN, "prefix_rewrite": page}} for path, page in pages.items()
    ]
    hosts = [{"name": "admin", "domains": ["*"], "routes": routes}]
    router = typed("envoy.extensions.filters.http.router.v3.Router")
    manager = typed(
        MANAGER,
        stat_prefix="metrics",
        route_config={"name": "metrics", "virtual_hosts": hosts},
        http_filters=[{"name": "envoy.filters.http.router", "typed_config": router}],
    )
    chain = {"filters": [{"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]}
    return {"name": "metrics", "address": socket_address(place.metrics), "filter_chains": [chain]}
