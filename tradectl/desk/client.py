"""A trader's requests to the BFF, with a token that is renewed before it ends."""

import asyncio
import time
from typing import Any, TypeVar
from urllib.parse import urlencode

import msgspec

from tradectl.desk.failures import Failed, Refused, SignedOut, Unknown
from tradectl.desk.wire import Answer, Wire

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
    """Talks to one door."""

    def __init__(self, door: str, wire: Wire) -> None:
        self.door = door.rstrip("/")
        self.wire = wire
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
        self, method: str, path: str, *, query: Json | None = None, body: Json | None = None, key: str = ""
    ) -> bytes:
        """The body of a success; ``key`` is an Idempotency-Key. Raises one of failures.py."""
        used = self.token
        answer = await self._send(method, path, query, body, key)
        if answer.status == UNAUTHENTICATED and used:
            await self.renew(used)
            answer = await self._send(method, path, query, body, key)
        if answer.status >= 400:
            raise refusal(answer)
        return answer.body

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
        headers = {"Content-Type": "application/json"} if body is not None else {}
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
