"""What FastAPI's OpenAPI document does not know: that every refusal is a problem."""

from http import HTTPStatus
from typing import Any

from services.kernel.problems import MEDIA_TYPE

ANY_OPERATION = (400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503, 504)
PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "A refusal or an error (RFC 9457); `code` is stable.",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "field", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "field": {"type": ["string", "null"]},
        "request_id": {"type": ["string", "null"]},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
METHODS = ("get", "put", "post", "patch", "delete")
REPLACED = ("HTTPValidationError", "ValidationError")


def with_problems(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the problem's schema, declared for every operation."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in REPLACED:
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM
    for path in document.get("paths", {}).values():
        for method in METHODS:
            if method in path:
                path[method]["responses"].update({str(status): response(status) for status in ANY_OPERATION})
    return document


def response(status: int) -> dict[str, Any]:
    """One refusal's entry."""
    return {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
