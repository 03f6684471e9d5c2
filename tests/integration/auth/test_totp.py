"""A second factor from its enrolment to its removal."""

from typing import Any

import httpx
import pytest

from services.auth.domain.totp import PERIOD, code_at
from services.runtime.clock import wall
from tests.integration.bff.stack import PASSWORD, Mailbox, bearer, logged_in, registered

ANN = "ann@example.org"


@pytest.fixture
async def ann(client: httpx.AsyncClient, mailbox: Mailbox) -> dict[str, str]:
    """The header of a token of hers."""
    await registered(client, mailbox, ANN)
    return bearer(await logged_in(client, ANN))


@pytest.fixture
async def enrolled(client: httpx.AsyncClient, ann: dict[str, str]) -> dict[str, Any]:
    """The authenticator, confirmed by the code before the one of now."""
    made = await client.post("/auth/totp", json={"password": PASSWORD}, headers=ann)
    assert made.status_code == 201
    authenticator: dict[str, Any] = made.json()
    answer = await client.post("/auth/totp/confirm", json={"code": code(authenticator, -1)}, headers=ann)
    assert answer.status_code == 204, answer.text
    return authenticator


def code(authenticator: dict[str, Any], ahead: int = 0) -> str:
    """The code now, or some steps later."""
    return code_at(authenticator["secret"], wall() // PERIOD + ahead)


async def log_in(client: httpx.AsyncClient, code: str | None) -> tuple[int, str]:
    answer = await client.post("/auth/login", json={"email": ANN, "password": PASSWORD, "code": code})
    return answer.status_code, answer.json().get("code", "")


async def test_nothing_is_asked_for_until_a_code_has_confirmed_it(
    client: httpx.AsyncClient, ann: dict[str, str]
) -> None:
    made = (await client.post("/auth/totp", json={"password": PASSWORD}, headers=ann)).json()
    wrong = await client.post("/auth/totp/confirm", json={"code": made["recovery_codes"][0]}, headers=ann)
    assert (wrong.status_code, wrong.json()["code"]) == (403, "invalid_code")
    assert await log_in(client, None) == (200, "")
    shown = (await client.get("/auth/totp", headers=ann)).json()
    assert shown == {"enabled": False, "confirmed_at": None, "recovery_codes_left": 0}


async def test_from_then_on_a_code_is_asked_for_and_good_once(
    client: httpx.AsyncClient, ann: dict[str, str], enrolled: dict[str, Any]
) -> None:
    assert await log_in(client, None) == (401, "totp_required")
    used = code(enrolled, 1)
    assert await log_in(client, used) == (200, "")
    assert await log_in(client, used) == (401, "invalid_totp")
    assert await log_in(client, code(enrolled, -1)) == (401, "invalid_totp")
    shown = (await client.get("/auth/totp", headers=ann)).json()
    assert (shown["enabled"], shown["recovery_codes_left"]) == (True, 10)


async def test_a_recovery_code_does_in_its_place_once(
    client: httpx.AsyncClient, ann: dict[str, str], enrolled: dict[str, Any]
) -> None:
    recovery = enrolled["recovery_codes"][3].lower()
    assert await log_in(client, recovery) == (200, "")
    assert await log_in(client, recovery) == (401, "invalid_totp")
    assert (await client.get("/auth/totp", headers=ann)).json()["recovery_codes_left"] == 9


async def test_wrong_codes_lock_the_account_and_a_right_one_is_then_refused(
    client: httpx.AsyncClient, enrolled: dict[str, Any]
) -> None:
    assert {await log_in(client, "00000000") for _ in range(10)} == {(401, "invalid_totp")}
    assert await log_in(client, code(enrolled, 1)) == (429, "login_locked")


async def test_it_is_enrolled_and_removed_by_the_password_alone(
    client: httpx.AsyncClient, ann: dict[str, str], enrolled: dict[str, Any]
) -> None:
    stranger = await client.post("/auth/totp", json={"password": "a stolen token"}, headers=ann)
    assert (stranger.status_code, stranger.json()["code"]) == (403, "invalid_password")
    again = await client.post("/auth/totp", json={"password": PASSWORD}, headers=ann)
    assert (again.status_code, again.json()["code"]) == (409, "totp_enabled")
    removal = {"password": PASSWORD, "code": code(enrolled, 1)}
    wrong = await client.post("/auth/totp/remove", json={**removal, "code": "00000-00000"}, headers=ann)
    assert (wrong.status_code, wrong.json()["code"]) == (403, "invalid_code")
    assert (await client.post("/auth/totp/remove", json=removal, headers=ann)).status_code == 204
    assert await log_in(client, None) == (200, "")
    assert (await client.post("/auth/totp/remove", json=removal, headers=ann)).status_code == 404
