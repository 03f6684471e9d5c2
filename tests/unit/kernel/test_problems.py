import json
from http import HTTPStatus
from typing import Any

import pytest
from fastapi import Request
from fastapi.exceptions import RequestValidationError

from services.contracts.errors import DomainError
from services.kernel.problems import Problem, of_error, on_invalid_request, path, printable, problem
from services.runtime import log

NO_OBJECT = {"type": "model_attributes_type", "loc": ("body",), "msg": "no object", "input": b"a=1"}


def request(content_type: str) -> Request:
    """A request whose body says what it is, if it says anything."""
    headers = [(b"content-type", content_type.encode())] if content_type else []
    return Request({"type": "http", "headers": headers})


def read(answer: Problem) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(bytes(answer.body))
    return document


def test_a_refusal_is_rendered_with_its_code_status_detail_and_field() -> None:
    bound = log.begin(request_id="r1")
    answer = of_error(DomainError("off_tick", 422, "100.005 is not a multiple of 0.01", field="limit_price"))
    log.unbind(bound)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert read(answer) == {
        "type": "urn:tradectl:off_tick",
        "title": HTTPStatus(422).phrase,
        "status": 422,
        "code": "off_tick",
        "detail": "100.005 is not a multiple of 0.01",
        "field": "limit_price",
        "request_id": "r1",
    }


def test_who_is_not_known_is_told_how_to_say_who_it_is() -> None:
    assert problem(401, "unauthenticated", "no token").headers["www-authenticate"] == "Bearer"


def test_headers_of_an_error_are_sent() -> None:
    error = DomainError("too_many_requests", 429)
    error.headers = {"Retry-After": "3"}  # type: ignore[attr-defined]
    assert of_error(error).headers["retry-after"] == "3"


def test_a_field_is_named_by_its_path_in_the_body() -> None:
    assert path(("body", "legs", 0, "price")) == "legs.0.price"
    assert path(("query", "limit")) == "limit"
    assert path(("body",)) == "body"


@pytest.mark.parametrize("said", ["application/x-www-form-urlencoded", "text/plain", ""])
async def test_a_body_that_is_not_called_json_is_refused_as_such(said: str) -> None:
    answer = await on_invalid_request(request(said), RequestValidationError([NO_OBJECT]))
    assert (answer.status_code, read(answer)["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "said", ["application/json", "Application/JSON; charset=utf-8", "application/merge-patch+json"]
)
async def test_json_that_is_no_object_is_invalid(said: str) -> None:
    answer = await on_invalid_request(request(said), RequestValidationError([NO_OBJECT]))
    assert (answer.status_code, read(answer)["code"]) == (422, "invalid")


async def test_a_body_that_is_missing_is_invalid_whatever_it_would_be() -> None:
    answer = await on_invalid_request(request(""), RequestValidationError([NO_OBJECT | {"type": "missing"}]))
    assert answer.status_code == 422


def test_text_that_no_json_can_carry_is_replaced() -> None:
    assert printable("a\ud800b") == "a?b"
