"""Refusals and errors as problem+json (RFC 9457), rendered in this one place."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from services.contracts.errors import DomainError
from services.kernel.responses import JSON
from services.runtime import log

MEDIA_TYPE = "application/problem+json"
CODES = {
    400: "malformed_json",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
    500: "internal",
    503: "unavailable",
    504: "timeout",
}
HEADERS = {401: {"WWW-Authenticate": "Bearer"}}


class Problem(JSON):
    """A refusal's answer."""

    media_type = MEDIA_TYPE


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    field: str | None = None,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Problem:
    """The answer to a request that failed; ``code`` is stable, ``detail`` is for people."""
    body: dict[str, Any] = {
        "type": f"urn:tradectl:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "field": field,
        "request_id": log.bound().get("request_id"),
    }
    if errors is not None:
        body["errors"] = errors
    return Problem(body, status, {**HEADERS.get(status, {}), **(headers or {})})


def of_error(error: DomainError) -> Problem:
    """A DomainError as its answer."""
    return problem(error.status, error.code, error.detail, field=error.field, headers=getattr(error, "headers", None))


async def on_domain_error(_: Request, error: DomainError) -> Problem:
    return of_error(error)


def of_http_exception(error: HTTPException) -> Problem:
    """What the framework refuses, such as an unknown route, as its answer."""
    code = CODES.get(error.status_code) or re.sub(r"\W+", "_", HTTPStatus(error.status_code).phrase.lower())
    return problem(error.status_code, code, str(error.detail), headers=error.headers)


async def on_http_exception(_: Request, error: HTTPException) -> Problem:
    return of_http_exception(error)


async def on_invalid_request(request: Request, error: RequestValidationError) -> Problem:
    found = error.errors()
    if any(each["loc"] == ("body",) and each["type"] != "missing" for each in found) and not says_json(request):
        return problem(415, CODES[415], "the body must be JSON and say so: Content-Type: application/json")
    if any(each["type"] == "json_invalid" for each in found):
        return problem(400, "malformed_json", "the body is not JSON")
    errors = [{"field": path(each["loc"]), "code": each["type"], "detail": printable(each["msg"])} for each in found]
    first = errors[0]
    return problem(422, "invalid", f"{first['field']}: {first['detail']}", field=first["field"], errors=errors)


def says_json(request: Request) -> bool:
    """Whether the body is called JSON; the framework takes any other for bytes."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def path(loc: tuple[int | str, ...]) -> str:
    """``("body", "legs", 0, "price")`` as ``legs.0.price``; where it stands is dropped unless that is all there is."""
    inner = loc[1:] if len(loc) > 1 else loc
    return printable(".".join(str(part) for part in inner))


def printable(text: str) -> str:
    """The text without lone surrogates, which a client may send and no JSON can carry back."""
    return text.encode(errors="replace").decode()


def install(app: FastAPI) -> None:
    """Have the app answer every failure as a problem."""
    app.exception_handler(DomainError)(on_domain_error)
    app.exception_handler(HTTPException)(on_http_exception)
    app.exception_handler(RequestValidationError)(on_invalid_request)
