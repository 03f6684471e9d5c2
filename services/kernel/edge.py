"""The layer around every app: request id, trace, body limit, metrics, the access line, and the last except."""

import random
import re
import time
from collections.abc import Iterable

from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from services.contracts.errors import DomainError
from services.kernel import body, disturbing
from services.kernel.lost import is_lost
from services.kernel.problems import Problem, of_error, of_http_exception, problem
from services.runtime import faults, log, trace
from services.runtime.asgi import ASGIApp, Message, Receive, Scope, Send
from services.runtime.metrics import Metrics

REQUEST_ID = re.compile(rb"[A-Za-z0-9_-]{8,64}")
QUIET = ("/live", "/ready", "/metrics", "/internal/")
"""Paths that are asked for all the time and by nobody who would look them up in the log."""


GONE = 499
"""Status in log and metrics of a request whose client left, after nginx."""
INTERNAL_DETAIL = "something went wrong here; the log has it under the request's id"


class Edge:
    """Pure ASGI, because a layer that costs a task costs more than all that is done here."""

    def __init__(self, app: ASGIApp, metrics: Metrics, max_body: int, name: str) -> None:
        self.app = app
        self.metrics = metrics
        self.max_body = max_body
        self.name = name
        self.log = log.logger(name)
        self.access = log.line(name, "request")
        self.faults = faults.of(name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        traceparent, request_id, length = read(scope["headers"])
        span = trace.enter(traceparent)
        bound = log.begin(request_id=request_id)
        try:
            if scope["type"] == "http":
                await self.request(scope, receive, send, request_id, length)
            else:
                await self.app(scope, receive, send)
        finally:
            log.unbind(bound)
            trace.leave(span)

    async def request(self, scope: Scope, receive: Receive, send: Send, request_id: str, length: int | None) -> None:
        """One request from its first byte to its access line."""
        started = time.perf_counter()
        self.metrics.active += 1
        status = 0
        told = ((b"x-request-id", request_id.encode()), (b"traceparent", (trace.header() or "").encode()))

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *told]
            await send(message)

        try:
            if self.faults.active and not scope["path"].startswith(QUIET):
                await disturbing.at_the_edge(self.faults)
            if length != 0:
                receive = await body.taken(receive, length, self.max_body)
            await self.app(scope, receive, answer)
        except DomainError as refusal:
            await of_error(refusal)(scope, receive, answer)
        except HTTPException as refusal:
            await of_http_exception(refusal)(scope, receive, answer)
        except body.GoneError:
            status = GONE
        except Exception as error:
            answered = self.told(error, scope["method"], scope["path"])
            if status:
                raise
            await answered(scope, receive, answer)
        finally:
            self.done(scope, status, time.perf_counter() - started)

    def told(self, error: Exception, method: str, path: str) -> Problem:
        """What log and client learn of it: which part is lost, or that something is wrong here."""
        if not is_lost(error):
            self.log.error("unhandled exception", method=method, path=path, exc_info=error)
            return problem(500, "internal", INTERNAL_DETAIL)
        if not path.startswith(QUIET):
            self.log.warning("a part is lost", method=method, path=path, error=str(error))
        part = f"the database of {self.name}" if isinstance(error, DBAPIError) else "a part that this needs"
        return problem(503, "unavailable", f"{part} does not answer; nothing was done")

    def done(self, scope: Scope, status: int, seconds: float) -> None:
        """Count the request and write its line."""
        self.metrics.active -= 1
        route = scope.get("route")
        self.metrics.request(scope["method"], getattr(route, "path", ""), status, seconds)
        path: str = scope["path"]
        if not path.startswith(QUIET):
            span = trace.current()
            told = log.ended(span, seconds) if span else {}
            self.access({"method": scope["method"], "path": path, "status": status, **told})


def read(headers: Iterable[tuple[bytes, bytes]]) -> tuple[str | None, str, int | None]:
    """The traceparent, the request's id (a new one when there is none of ours), the body's length (none if unsaid)."""
    traceparent = request_id = None
    length: int | None = 0
    for name, value in headers:
        if name == b"traceparent":
            traceparent = value.decode("latin-1")
        elif name == b"x-request-id" and REQUEST_ID.fullmatch(value):
            request_id = value.decode()
        elif name == b"content-length":
            length = int(value) if value.isdigit() else None
        elif name == b"transfer-encoding":
            length = None
    return traceparent, request_id or f"{random.getrandbits(128):032x}", length
