"""One request to a part's port. The standard library's client: it costs a tenth of httpx's import."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

TIMEOUT = 5.0
"""Seconds to connect, and between two reads."""


class UnreachableError(Exception):
    """Nobody answers at that address."""


@dataclass(frozen=True)
class Answer:
    """Status, headers and body of a response."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON; UnreachableError when it is none, because then another program answers there."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise UnreachableError(f"answered {self.status} with something that is not JSON") from error


def request(
    method: str,
    url: str,
    *,
    query: Mapping[str, str] | None = None,
    body: object = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT,
) -> Answer:
    """Send a request with a JSON body, or bytes as they are; UnreachableError when there is no answer."""
    parts = urlsplit(url)
    kind_of = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind_of(parts.hostname or "", parts.port, timeout=timeout)
    target = f"{parts.path or '/'}?{urlencode(query)}" if query else parts.path or "/"
    document = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    try:
        kind = {} if document is None else {"Content-Type": "application/json"}
        connection.request(method, target, document, {**kind, **(headers or {})})
        response = connection.getresponse()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
    except (OSError, http.client.HTTPException) as error:
        raise UnreachableError(f"{method} {url}: {error or type(error).__name__}") from error
    finally:
        connection.close()


def get(url: str, *, query: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> Answer:
    """GET a page."""
    return request("GET", url, query=query, headers=headers)
