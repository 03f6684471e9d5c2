"""A trader's requests to the BFF, with a token that is renewed before it ends."""

import asyncio
import time
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec

from tradectl.desk.failures import Failed, Refused, SignedOut, Unknown, Unreachable
from tradectl.desk.wire import Answer, Wire
from tradectl.telemetry.acts import UNTOLD, Acts, context

PREFIX = "/api/v1"
UNAUTHENTICATED, TIMEOUT = 401, 504
AHEAD = 60.0
"""Seconds before its end that a token is renewed."""
T = TypeVar("T")
Json = dict[str, Any]


class Tokens(msgspec.Struct, frozen=True):
    """As log-in and refresh answer; ``expires_in`` in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int


class Problem(msgspec.Struct, frozen=True):
    """A refusal's body."""

    code: str = ""
    detail: str = ""
    field: str | None = None


class Client:
    """Talks to one door; each write is a click, and the first span of all that comes of it."""

    def __init__(self, door: str, wire: Wire, acts: Acts = UNTOLD) -> None:
        self.door = door.rstrip("/")
        self.wire = wire
        self._acts = acts
        self.token = ""
        self.renew_at = 0.0
        """On time.monotonic."""
        self.seconds = 0.0
        """How long the last answer took."""
        self._refresh_token = ""
        self._renewing = asyncio.Lock()

    async def get(self, path: str, kind: type[T], **query: str) -> T:
        """A page that must be there."""
        return msgspec.json.decode(await self.ask("GET", path, query=query), type=kind)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        query: Json | None = None,
        body: Json | None = None,
        key: str = "",
        tries: int = 1,
    ) -> bytes:
        """The body of a success; ``key`` is an Idempotency-Key. Raises one of failures.py.

        What is safe to repeat may have several tries: it is sent again where nobody knows what became of it.
        """
        with self._click(method, path) as told:
            answer = await self._tried(tries, method, path, query, body, key)
            told["status"] = answer.status
        if answer.status >= 400:
            raise refusal(answer)
        return answer.body

    def _click(self, method: str, path: str) -> AbstractContextManager[Json]:
        return nullcontext({}) if method == "GET" else self._acts.act("click", f"{method} {path}")

    async def _tried(self, tries: int, *request: Any) -> Answer:
        for left in reversed(range(tries)):
            try:
                answer = await self._authorised(*request)
            except Unreachable:
                if not left:
                    raise
            else:
                if answer.status != TIMEOUT or not left:
                    return answer
        raise AssertionError  # the last try returns or raises

    async def _authorised(self, *request: Any) -> Answer:
        """Once more where the token has ended meanwhile."""
        used = self.token
        answer = await self._send(*request)
        if answer.status == UNAUTHENTICATED and used:
            await self.renew(used)
            answer = await self._send(*request)
        return answer

    async def sign_in(self, email: str, password: str, code: str = "") -> None:
        """Act for this user from now on; Refused with ``totp_required`` where a second factor's code is missing."""
        self.token = ""
        body = {"email": email, "password": password, **({"code": code} if code else {})}
        self._take(await self.ask("POST", "/auth/login", body=body))

    async def sign_out(self) -> None:
        """End the session; what fails ends by itself."""
        try:
            await self._send("POST", "/auth/logout", None, None, "")
        except Failed:
            return
        finally:
            self.token = self._refresh_token = ""

    async def renew(self, used: str) -> None:
        """Another pair of tokens, unless somebody was faster; SignedOut where the platform gives none."""
        async with self._renewing:
            if self.token != used:
                return
            answer = await self._send("POST", "/auth/refresh", None, {"refresh_token": self._refresh_token}, "")
            if answer.status in (401, 403, 422):
                raise SignedOut(refusal(answer).detail)
            if answer.status >= 400:
                raise refusal(answer)
            self._take(answer.body)

    def _take(self, body: bytes) -> None:
        tokens = msgspec.json.decode(body, type=Tokens)
        self.token, self._refresh_token = tokens.access_token, tokens.refresh_token
        self.renew_at = time.monotonic() + max(tokens.expires_in - AHEAD, tokens.expires_in / 2)

    async def _send(self, method: str, path: str, query: Json | None, body: Json | None, key: str) -> Answer:
        headers = context() | ({"Content-Type": "application/json"} if body is not None else {})
        if self.token and path != "/auth/refresh":
            headers["Authorization"] = f"Bearer {self.token}"
        if key:
            headers["Idempotency-Key"] = key
        url = f"{self.door}{PREFIX}{path}" + (f"?{urlencode(query)}" if query else "")
        began = time.monotonic()
        answer = await self.wire.send(method, url, headers, None if body is None else msgspec.json.encode(body))
        self.seconds = time.monotonic() - began
        return answer


def refusal(answer: Answer) -> Refused:
    """What the platform says it is."""
    try:
        problem = msgspec.json.decode(answer.body, type=Problem)
    except msgspec.MsgspecError:
        problem = Problem("internal", f"answered {answer.status}")
    kind = Unknown if answer.status == TIMEOUT else Refused
    return kind(answer.status, problem.code, problem.detail, problem.field or "")
