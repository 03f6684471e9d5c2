"""One request that passed the recorder, with its answer."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from tradectl.export.masking import hidden

BEARER = "bearer "
KEY = "idempotency-key"


@dataclass(frozen=True)
class Heard:
    """``path`` is behind /api/v1, without the query; header names are lower case; ``answer`` is JSON, or None.

    ``quote`` is what the symbol of an order was quoted at when it was sent.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    status: int = 200
    answer: Any = None
    quote: Mapping[str, Any] | None = None

    @property
    def token(self) -> str:
        """The access token; empty without one."""
        given = self.headers.get("authorization", "")
        return given[len(BEARER) :] if given.lower().startswith(BEARER) else ""

    @property
    def document(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body) if self.body else None
        except ValueError:
            return None

    @property
    def fields(self) -> dict[str, Any]:
        """Those of a body that is an object; none of any other."""
        return self.document if isinstance(self.document, dict) else {}

    @property
    def parameters(self) -> dict[str, str]:
        """The query's."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def done(self) -> bool:
        """Whether it was a success."""
        return self.status < 400

    @property
    def code(self) -> str:
        """That of a refusal."""
        return str(self.answer.get("code", "")) if isinstance(self.answer, dict) and not self.done else ""

    def secrets(self) -> Iterator[str]:
        """Everything in it that must never be written."""
        if self.token:
            yield self.token
        for part in (self.document, self.answer, self.parameters):
            yield from secret_values(part)


def secret_values(document: Any) -> Iterator[str]:
    """Texts whose names say that they are secret; a refusal's ``code`` is none."""
    if isinstance(document, dict):
        refusal = "status" in document and "detail" in document
        for name, value in document.items():
            if hidden(str(name), value) and isinstance(value, str) and not (refusal and name == "code"):
                yield value
            else:
                yield from secret_values(value)
    elif isinstance(document, list):
        for each in document:
            yield from secret_values(each)


def subject_of(token: str) -> str:
    """The id of the user whose access token it is; empty when it is none."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return str(claims["sub"])
    except (IndexError, KeyError, TypeError, ValueError):
        return ""
