"""People and orders that were always there: the books hold with them, and the platform trades on."""

import json
import secrets

import pytest

from tests.e2e.tool import Tool
from tradectl.errors import ExitCode
from tradectl.probes import http


@pytest.fixture(scope="module")
def full(platform: Tool) -> Tool:
    done = platform.ok("seed", "--accounts", "300", "--orders", "3000", "--json").json
    assert (done["accounts"], done["orders"]) == (300, 3000)
    return platform


def test_the_books_hold_of_what_was_seeded(full: Tool) -> None:
    report = full.ok("audit", "--settled", "--json").json
    assert report["differences"] == report["in_flight"] == []
    assert report["counted"]["orders.orders"] >= 3000
    assert report["counted"]["auth.users"] >= 300
    assert report["counted"]["portfolio.ledger"] >= 300


def test_the_same_seed_again_adds_nothing(full: Tool) -> None:
    before = full.ok("audit", "--json").json["counted"]["orders.orders"]
    told = full.ok("seed", "--accounts", "300", "--orders", "3000").err
    assert "orders: 3000 of 3000" in told
    assert full.ok("audit", "--json").json["counted"]["orders.orders"] == before


def test_a_seeded_platform_trades(full: Tool) -> None:
    assert full.ok("smoke", "--json").json["ok"] is True


def test_the_page_behind_it_is_the_sandboxs_own_and_takes_nothing_else(full: Tool) -> None:
    url = f"http://127.0.0.1:{full.ports()['orders.http']}/internal/seed"
    key = json.loads((full.sandbox() / "secrets.json").read_text())["key"]
    assert http.request("POST", url, body={"seed": 1, "first": 0}).status == 404
    assert http.request("POST", url, body={"seed": 1}, headers={"X-Internal-Key": key}).status == 422


def test_seeded_people_log_in_by_the_password_that_they_were_given(full: Tool) -> None:
    password = secrets.token_urlsafe(16)
    options = ("--accounts", "2", "--orders", "0", "--seed", "77", "--password-env", "SEEDED")
    assert full.run("seed", *options, SEEDED="short").code == ExitCode.USAGE
    done = full.ok("seed", *options, "--json", SEEDED=password)
    assert password not in done.out + done.err
    door = f"http://127.0.0.1:{full.ports()['bff.http']}/api/v1"

    def logged_in(email: str) -> int:
        return http.request("POST", f"{door}/auth/login", body={"email": email, "password": password}).status

    assert [logged_in(f"seed-{seed}-1@example.com") for seed in (77, 1)] == [200, 401]


def test_a_sandbox_that_is_not_up_cannot_be_seeded(tool: Tool) -> None:
    assert tool.run("seed").code == ExitCode.NOT_UP
