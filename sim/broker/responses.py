"""What the broker's pages answer, encoded by msgspec as the contracts are."""

from typing import Any

import msgspec
from fastapi import Response


def as_json(value: object, status: int = 200) -> Response:
    """A value as it is."""
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def shown(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """For OpenAPI: a list of such items, its schema from the struct itself."""
    _, components = msgspec.json.schema_components([kind])
    schema = {"type": "array", "items": components[kind.__name__]}
    return {"description": f"{kind.__name__}s", "content": {"application/json": {"schema": schema}}}
