"""Refusals over HTTP: problem+json (RFC 9457) with a stable code, and the field where there is one."""

from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from sim.broker.refusals import CONFLICTS, RefusedError

MEDIA_TYPE = "application/problem+json"
CODES = {400: "malformed", 401: "unauthorized", 404: "not_found", 405: "method_not_allowed"}


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``code`` never changes; ``detail`` is for people."""

    status: int
    code: str
    detail: str
    field: str | None = None


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For OpenAPI: statuses answered by a problem."""
    _, components = msgspec.json.schema_components([Problem])
    content = {MEDIA_TYPE: {"schema": components["Problem"]}}
    return {status: {"description": CODES.get(status, "refused"), "content": content} for status in statuses}


def install(app: FastAPI) -> None:
    """Have every refusal rendered so."""
    app.exception_handler(RefusedError)(_refused)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_failed)


async def _refused(_: Request, error: RefusedError) -> Response:
    return _response(Problem(status=409 if error.code in CONFLICTS else 422, code=error.code, detail=str(error)))


async def _invalid(_: Request, error: RequestValidationError) -> Response:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"][1:])
    return _response(Problem(status=422, code="invalid", detail=first["msg"], field=field or None))


async def _failed(_: Request, error: HTTPException) -> Response:
    return _response(
        Problem(status=error.status_code, code=CODES.get(error.status_code, "failed"), detail=error.detail)
    )


def _response(problem: Problem) -> Response:
    return Response(msgspec.json.encode(problem), problem.status, media_type=MEDIA_TYPE)
