"""Registration, verification, profile: what a stranger learns, and what he does not."""

import httpx
import pytest

from tests.eventually import eventually
from tests.integration.bff.stack import PASSWORD, Mailbox, bearer, logged_in, registered

ANN = {"email": "ann@example.org", "password": PASSWORD, "display_name": "Анна 🐈", "language": "ru"}


async def test_who_verifies_the_address_can_log_in(client: httpx.AsyncClient, mailbox: Mailbox) -> None:
    await client.post("/auth/register", json=ANN)
    early = await client.post("/auth/login", json={"email": "ann@example.org", "password": PASSWORD})
    assert (early.status_code, early.json()["code"]) == (403, "not_verified")
    code = await eventually(lambda: mailbox.codes.get("ann@example.org"))
    typed = {"email": " ANN@example.org".strip(), "code": code.lower().replace("-", " ")}
    assert (await client.post("/auth/verify", json=typed)).status_code == 204
    me = await client.get("/me", headers=bearer(await logged_in(client, "Ann@Example.org")))
    assert me.json()["display_name"] == "Анна 🐈"
    assert (me.json()["language"], me.json()["time_zone"], me.json()["roles"]) == ("ru", "UTC", ["trader"])


async def test_a_code_is_good_once(client: httpx.AsyncClient, mailbox: Mailbox) -> None:
    await registered(client, mailbox, "ann@example.org")
    again = {"email": "ann@example.org", "code": mailbox.codes["ann@example.org"]}
    assert (await client.post("/auth/verify", json=again)).json()["code"] == "invalid_code"


async def test_an_address_that_exists_gets_the_same_answer_and_no_mail(
    client: httpx.AsyncClient, mailbox: Mailbox
) -> None:
    await registered(client, mailbox, "ann@example.org")
    first = await client.post("/auth/register", json={**ANN, "email": "bob@example.org"})
    second = await client.post("/auth/register", json={**ANN, "password": "another password"})
    assert (first.status_code, first.content) == (second.status_code, second.content) == (202, b'{"status":"accepted"}')
    await eventually(lambda: mailbox.codes.get("bob@example.org"))
    assert mailbox.mails == 2
    assert await logged_in(client, "ann@example.org")


async def test_after_ten_wrong_codes_the_right_one_is_refused(client: httpx.AsyncClient, mailbox: Mailbox) -> None:
    await client.post("/auth/register", json=ANN)
    code = await eventually(lambda: mailbox.codes.get("ann@example.org"))
    for _ in range(10):
        answer = await client.post("/auth/verify", json={"email": "ann@example.org", "code": "00000-00000"})
        assert answer.status_code == 403
    answer = await client.post("/auth/verify", json={"email": "ann@example.org", "code": code})
    assert (answer.status_code, answer.json()["code"]) == (403, "invalid_code")


async def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(
    client: httpx.AsyncClient, mailbox: Mailbox
) -> None:
    await registered(client, mailbox, "ann@example.org")
    wrong = await client.post("/auth/login", json={"email": "ann@example.org", "password": "wrong password"})
    unknown = await client.post("/auth/login", json={"email": "eve@example.org", "password": PASSWORD})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["code"] == unknown.json()["code"] == "invalid_credentials"
    assert wrong.json()["detail"] == unknown.json()["detail"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "ann"),
        ("email", "ann@example"),
        ("email", "ann@exa mple.org"),
        ("email", "ann@example.org\r\nBcc: eve@example.org"),
        ("email", f"{'a' * 250}@example.org"),
        ("password", "short"),
        ("password", "x" * 129),
        ("password", 1234567890),
        ("display_name", ""),
        ("display_name", "x" * 81),
        ("display_name", "line\nbreak"),
        ("language", "de"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
        ("roles", ["admin"]),
    ],
)
async def test_a_registration_names_the_field_that_is_wrong(
    client: httpx.AsyncClient, field: str, value: object
) -> None:
    answer = await client.post("/auth/register", json={**ANN, field: value})
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_a_profile_changes_only_what_is_named(client: httpx.AsyncClient, mailbox: Mailbox) -> None:
    await registered(client, mailbox, "ann@example.org")
    headers = bearer(await logged_in(client, "ann@example.org"))
    changed = await client.patch("/me", headers=headers, json={"time_zone": "Europe/Moscow", "language": "ru"})
    assert changed.status_code == 200
    assert changed.json()["display_name"] == "ann"
    assert (changed.json()["time_zone"], changed.json()["language"]) == ("Europe/Moscow", "ru")
    assert (await client.get("/me", headers=headers)).json() == changed.json()
    for refused in ({"roles": ["admin"]}, {"email": "eve@example.org"}, {"language": None}):
        assert (await client.patch("/me", headers=headers, json=refused)).status_code == 422
