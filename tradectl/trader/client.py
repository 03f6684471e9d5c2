"""A trader's requests to the BFF."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tradectl.probes import http
from tradectl.telemetry.acts import context
from tradectl.trader.failures import Failed, Late, Refused, Unreachable

Json = dict[str, Any]
PREFIX = "/api/v1"
TIMEOUT = 504
REPEATS = 5
"""Of a write that was not answered in time, under its key: what became of it is known then."""


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, for who keeps a journal; ``status`` is 0 where nobody answered."""

    method: str
    path: str
    status: int
    began: float
    """Wall time, seconds."""
    seconds: float
    said: str = ""
    """What a refusal said."""


def nobody(_: Exchange) -> None:
    """Keeps no journal."""


class Client:
    """Talks to one door, with a token once there is one; ``listen`` hears of each answer."""

    def __init__(self, door: str, listen: Callable[[Exchange], None] = nobody) -> None:
        self.door = door
        self.token = ""
        self.listen = listen

    def get(self, path: str, **query: str) -> Any:
        """A page that must be there."""
        return self.send("GET", path, query=query or None)

    def post(self, path: str, body: Json, *, key: bool = False) -> Any:
        """A write that must be accepted; ``key`` sends an Idempotency-Key."""
        return self.send("POST", path, body=body, key=key)

    def send(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, str] | None = None,
        body: Json | None = None,
        key: bool = False,
    ) -> Any:
        """Refused with the problem's code unless the answer is a success; a write with a key is repeated when late."""
        headers = {"Idempotency-Key": secrets.token_hex(8)} if key else {}
        answer = self.ask(method, path, query=query, body=body, headers=headers)
        repeats = REPEATS if key else 0
        while answer.status == TIMEOUT and repeats:
            answer = self.ask(method, path, query=query, body=body, headers=headers)
            repeats -= 1
        document = document_of(answer)
        if answer.status >= 400:
            problem = document if isinstance(document, dict) else {}
            failure = Late if answer.status == TIMEOUT else Refused
            said = f"{method} {path} answered {answer.status} {told(problem)}"
            raise failure(said, answer.status, str(problem.get("code", "")))
        return document

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> http.Answer:
        """Whatever the answer is; Unreachable where there is none. ``headers`` may replace the token's."""
        own = context() | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        wall, began = time.time(), time.monotonic()
        try:
            answer = http.request(
                method, f"{self.door}{PREFIX}{path}", query=query, body=body, headers={**own, **(headers or {})}
            )
        except http.UnreachableError as error:
            self.listen(Exchange(method, path, 0, wall, time.monotonic() - began, str(error)))
            raise Unreachable(str(error)) from error
        self.listen(Exchange(method, path, answer.status, wall, time.monotonic() - began, refusal_of(answer)))
        return answer


def document_of(answer: http.Answer) -> Any:
    """The body as JSON, None without one; Failed when it is something else."""
    try:
        return answer.json() if answer.body else None
    except http.UnreachableError as error:
        raise Failed(str(error)) from error


def refusal_of(answer: http.Answer) -> str:
    """What a refusal says; nothing of a success."""
    if answer.status < 400:
        return ""
    try:
        return told(document_of(answer))
    except Failed as error:
        return str(error)


def told(problem: object) -> str:
    """A problem in one line: its code, its words, its field."""
    if not isinstance(problem, dict):
        return ""
    return f"{problem.get('code', '')} {problem.get('detail', '')} {problem.get('field') or ''}".strip()
