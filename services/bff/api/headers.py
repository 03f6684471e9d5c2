"""Headers that are passed on, that every answer has, and that let other sites' pages in."""

from collections.abc import Iterable, Mapping

from services.runtime import trace
from services.runtime.asgi import Headers

PASSED_IN = {
    b"authorization": "authorization",
    b"content-type": "content-type",
    b"idempotency-key": "idempotency-key",
    b"accept-language": "accept-language",
    b"user-agent": "user-agent",
}
"""Nothing else of a client's reaches a service: not the key of internal pages, not a name for somebody else."""
NOT_PASSED_OUT = frozenset({"connection", "content-length", "keep-alive", "transfer-encoding", "x-request-id"})
SECURITY: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
NO_STORE = (b"cache-control", b"no-store")
METHODS = b"GET, POST, PUT, PATCH, DELETE"
ALLOWED = b"Authorization, Content-Type, Idempotency-Key, Accept-Language, X-Request-Id, traceparent"
EXPOSED = b"Retry-After, X-Request-Id, traceparent"


def passed_in(headers: Iterable[tuple[bytes, bytes]]) -> tuple[dict[str, str], bytes | None]:
    """What a service gets of the request's headers, and the page's origin that asks."""
    passed: dict[str, str] = {}
    origin: bytes | None = None
    for name, value in headers:
        known = PASSED_IN.get(name)
        if known is not None:
            passed[known] = value.decode("latin-1")
        elif name == b"origin":
            origin = value
    return passed, origin


def passed_out(headers: Mapping[str, str]) -> Headers:
    """What a client gets of the service's headers."""
    return [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in headers.items()
        if name not in NOT_PASSED_OUT
    ]


def with_ours(headers: Headers) -> Headers:
    """The answer's headers with those that every answer has."""
    names = {name for name, _ in headers}
    headers.extend(each for each in SECURITY if each[0] not in names)
    if b"cache-control" not in names:
        headers.append(NO_STORE)
    traceparent = trace.header()
    if traceparent is not None:
        headers.append((b"traceparent", traceparent.encode()))
    return headers


class Cors:
    """Which sites' pages may read our answers; none unless the settings name them."""

    def __init__(self, origins: Iterable[str]) -> None:
        self._origins = frozenset(origin.encode() for origin in origins)

    def headers(self, origin: bytes | None) -> Headers:
        """For an answer; nothing for a page that may not read it."""
        if not self._origins:
            return []
        if origin not in self._origins or origin is None:
            return [(b"vary", b"Origin")]
        return [
            (b"vary", b"Origin"),
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", EXPOSED),
        ]

    def preflight(self, origin: bytes | None) -> Headers | None:
        """For a browser's question before the request; None when it is refused."""
        if origin is None or origin not in self._origins:
            return None
        return [
            *self.headers(origin),
            (b"access-control-allow-methods", METHODS),
            (b"access-control-allow-headers", ALLOWED),
            (b"access-control-max-age", b"600"),
        ]
