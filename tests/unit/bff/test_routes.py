"""The table of routes."""

import pytest

from services.bff.domain.routes import OWN, ROUTES, Routes
from services.bff.manifest import MANIFEST
from services.contracts.door import PREFIX

TABLE = Routes()


def test_every_route_belongs_to_a_service_that_the_bff_calls() -> None:
    assert {route.service for route in ROUTES} == {OWN, *MANIFEST.needs, *MANIFEST.calls}


def test_no_route_is_there_twice() -> None:
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)


def test_only_getting_in_and_the_keys_need_no_token() -> None:
    assert {route.path for route in ROUTES if not route.token} == {
        "/auth/register",
        "/auth/verify",
        "/auth/login",
        "/auth/refresh",
        "/auth/password/forgot",
        "/auth/password/reset",
        "/.well-known/jwks.json",
    }


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_each_route_is_found(route: object) -> None:
    assert route in TABLE.find(getattr(route, "path", "").replace("{", "").replace("}", "")).values()


@pytest.mark.parametrize(
    "path", ["", "/", "/orders/", "/orders/..", "/orders/.", "/orders/a%2fb", "/orders/a b", "/quotes", "//quotes"]
)
def test_a_parameter_is_one_plain_segment(path: str) -> None:
    assert all("{" not in route.path for route in TABLE.find(path).values())


def test_an_exact_path_wins_over_a_parameter() -> None:
    assert TABLE.find("/orders/preview")["POST"].path == "/orders/preview"


def test_everything_stands_behind_the_prefix() -> None:
    assert PREFIX == "/api/v1"
