"""A trader's requests to the BFF."""

import secrets
from typing import Any

from tradectl.probes import http
from tradectl.smoke.steps import Late, StepFailed

Json = dict[str, Any]
TIMEOUT = 504


class Client:
    """Talks to one door, with a token once there is one."""

    def __init__(self, door: str) -> None:
        self.door = door
        self.token = ""

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
        """StepFailed with the problem's code unless the answer is a success."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if key:
            headers["Idempotency-Key"] = secrets.token_hex(8)
        try:
            answer = http.request(method, f"{self.door}/api/v1{path}", query=query, body=body, headers=headers)
            document = answer.json() if answer.body else None
        except http.UnreachableError as error:
            raise StepFailed(str(error)) from error
        if answer.status >= 400:
            problem = document if isinstance(document, dict) else {}
            said = f"{problem.get('code', '')} {problem.get('detail', '')} {problem.get('field') or ''}".strip()
            failure = Late if answer.status == TIMEOUT else StepFailed
            raise failure(f"{method} {path} answered {answer.status} {said}")
        return document
