"""Merging the services' OpenAPI documents."""

import json
from typing import Any

import pytest

from services.bff.api.openapi import merge
from services.bff.api.reading import described, html
from services.bff.domain.routes import Route


def part(path: str, method: str, schema: str) -> bytes:
    reference = {"$ref": f"#/components/schemas/{schema}"}
    problem = {"$ref": "#/components/schemas/Problem"}
    operation = {
        "description": "Does <something>.",
        "requestBody": {"content": {"application/json": {"schema": reference}}},
        "responses": {"404": {"content": {"application/problem+json": {"schema": problem}}}},
    }
    field = {"type": "string", "maxLength": 3}
    schemas = {schema: {"properties": {"name": field}, "required": ["name"]}, "Problem": {"type": "object"}}
    document = {"paths": {path: {method: operation}, "/hidden": {"get": {}}}, "components": {"schemas": schemas}}
    return json.dumps(document).encode()


@pytest.fixture
def merged() -> dict[str, Any]:
    routes = (Route("POST", "/orders", "orders"), Route("POST", "/auth/login", "auth", token=False))
    return merge({"orders": part("/orders", "post", "Body"), "auth": part("/auth/login", "post", "Body")}, routes)


def test_exactly_the_routes_are_there_behind_the_prefix(merged: dict[str, Any]) -> None:
    assert set(merged["paths"]) == {"/api/v1/orders", "/api/v1/auth/login"}


def test_schemas_of_one_name_stay_apart_and_the_problem_is_shared(merged: dict[str, Any]) -> None:
    assert {"orders.Body", "auth.Body", "Problem"} == set(merged["components"]["schemas"])
    operation = merged["paths"]["/api/v1/orders"]["post"]
    assert "orders.Body" in json.dumps(operation["requestBody"])
    assert json.dumps(operation["responses"]).count("#/components/schemas/Problem") == 1


def test_only_routes_that_need_a_token_say_so(merged: dict[str, Any]) -> None:
    assert merged["paths"]["/api/v1/orders"]["post"]["security"] == [{"token": []}]
    assert "security" not in merged["paths"]["/api/v1/auth/login"]["post"]


def test_a_route_that_no_service_describes_is_an_error() -> None:
    with pytest.raises(KeyError):
        merge({"orders": part("/orders", "post", "Body")}, [Route("GET", "/orders", "orders")])


def test_the_readable_page_is_escaped_and_names_fields(merged: dict[str, Any]) -> None:
    page = html(merged)
    assert "Does &lt;something&gt;." in page
    assert "<code>name</code></td><td>string maxLength 3" in page


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string or null"),
        ({"$ref": "#/components/schemas/orders.Side"}, "orders.Side"),
        ({"enum": list("abcdefghij")}, "a, b, c, d, e, f, g, h and 2 more"),
        ({"type": "integer", "minimum": 1, "maximum": 200}, "integer minimum 1 maximum 200"),
        ({}, "any"),
    ],
)
def test_a_field_is_described_in_few_words(schema: dict[str, Any], words: str) -> None:
    assert described(schema) == words
