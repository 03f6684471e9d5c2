"""JSON answers rendered by msgspec: structs, pydantic-free dicts and lists, in one pass."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

ENCODER = msgspec.json.Encoder()


class JSON(Response):
    """A ready answer: an endpoint that returns one spares FastAPI's own conversion and validation."""

    media_type = "application/json"

    def __init__(self, content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        self.status_code = status
        self.body = self.render(content)
        self.background = None
        self.raw_headers = [(b"content-length", b"%d" % len(self.body)), (b"content-type", self.media_type.encode())]
        for name, value in (headers or {}).items():
            self.raw_headers.append((name.lower().encode("latin-1"), value.encode("latin-1")))

    def render(self, content: Any) -> bytes:
        return ENCODER.encode(content)
