"""Calls to another service: in the process (asgi://NAME) or over HTTP; the URL decides, the caller cannot tell."""

import time
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import msgspec

from services.contracts.errors import DomainError
from services.contracts.metrics import service as declared
from services.kernel.breaker import Breaker
from services.kernel.settings import Peers
from services.kernel.transports.transport import Answer, PeerSilent, PeerUnavailable, Transport
from services.runtime import log, trace
from services.runtime.instruments import Histogram

__all__ = ["SCHEMES", "Answer", "Peer", "PeerSilent", "PeerUnavailable", "refusal"]

CLASSES = ("0xx", "1xx", "2xx", "3xx", "4xx", "5xx")
SCHEMES = ("asgi://", "http://", "https://")


class Peer:
    """Another service, by its URL."""

    def __init__(
        self,
        url: str,
        name: str = "",
        *,
        key: str = "",
        settings: Peers | None = None,
        calls: Histogram | None = None,
    ) -> None:
        if not url.startswith(SCHEMES):
            raise ValueError(f"{url} is no peer's URL: asgi://NAME or http://HOST:PORT")
        limits = settings or Peers()
        self.url = url
        self.name = name or url.partition("://")[2]
        self.breaker = Breaker(limits.breaker_failures, limits.breaker_pause)
        self._key = key
        self._timeout = limits.timeout
        self._calls = calls or Histogram(declared.PEERS)

    async def request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        query: Mapping[str, str | int] | str | None = None,
        internal: bool = False,
    ) -> Answer:
        """Ask; any HTTP status is an answer. ``internal`` shows the key that opens internal pages."""
        if not self.breaker.admits():
            self._calls.observe(0, self.name, "refused")
            raise PeerUnavailable(self.name)
        began = time.perf_counter()
        sent = self._headers(headers, body, internal)
        target = f"{path}?{query if isinstance(query, str) else urlencode(query)}" if query else path
        try:
            answer = await self._transport.request(method, target, sent, body or b"")
        except PeerUnavailable as error:
            self.breaker.failed()
            outcome = "silent" if isinstance(error, PeerSilent) else "unavailable"
            self._calls.observe(time.perf_counter() - began, self.name, outcome)
            raise
        self.breaker.succeeded()
        self._calls.observe(time.perf_counter() - began, self.name, CLASSES[answer.status // 100])
        return answer

    async def json(
        self,
        method: str,
        path: str,
        content: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str | int] | str | None = None,
        internal: bool = False,
    ) -> Any:
        """Ask and read the answer as plain data; a refusal is raised again as the DomainError that it was."""
        body = None if content is None else msgspec.json.encode(content)
        answer = await self.request(method, path, headers=headers, body=body, query=query, internal=internal)
        if answer.status >= 400:
            raise refusal(self.name, answer)
        return answer.json() if answer.body else None

    async def close(self) -> None:
        """Give back the connections, if any were made."""
        if "_transport" in self.__dict__:
            await self._transport.close()

    @cached_property
    def _transport(self) -> Transport:
        return transport_for(self.url, self.name, self._timeout)

    def _headers(self, headers: Mapping[str, str] | None, body: bytes | None, internal: bool) -> dict[str, str]:
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        traceparent = trace.header()
        if traceparent is not None:
            sent["traceparent"] = traceparent
        request_id = log.bound().get("request_id")
        if request_id is not None:
            sent.setdefault("x-request-id", str(request_id))
        if body is not None:
            sent.setdefault("content-type", "application/json")
        if internal:
            sent["x-internal-key"] = self._key
        return sent


def refusal(name: str, answer: Answer) -> DomainError:
    """The error that a peer's answer stands for."""
    try:
        problem = answer.json()
        return DomainError(problem["code"], answer.status, problem["detail"], field=problem.get("field"))
    except (msgspec.DecodeError, KeyError, TypeError):
        return PeerUnavailable(name, f"{name} answered {answer.status}")


def transport_for(url: str, name: str, timeout: float) -> Transport:
    """The transport of a URL's scheme; the HTTP client is imported only where it is used."""
    if url.startswith("asgi:"):
        from services.kernel.transports.inprocess import InProcess

        return InProcess(url, name, timeout)
    from services.kernel.transports.http import Http

    return Http(url, name, timeout)
