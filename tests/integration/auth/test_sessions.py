"""Tokens: who holds which, and until when."""

import asyncio

import httpx
import jwt
import pytest
from jwt import PyJWK

from services.contracts.event import Event
from services.contracts.events.auth import SessionsRevoked
from tests.integration.bff.stack import PASSWORD, Mailbox, Stack, bearer, logged_in, registered


@pytest.fixture
async def tokens(client: httpx.AsyncClient, mailbox: Mailbox) -> dict[str, str]:
    await registered(client, mailbox, "ann@example.org")
    return await logged_in(client, "ann@example.org")


async def next_event(auth: Stack, kind: type[Event], act: object) -> Event:
    """The first event of a kind that an action causes."""
    queue = await auth.broker.listen([kind])
    await act  # type: ignore[misc]
    async with asyncio.timeout(5):
        envelopes = await queue.take(1)
    assert envelopes
    return envelopes[0].event


async def test_an_access_token_is_checked_by_the_published_key(
    client: httpx.AsyncClient, tokens: dict[str, str]
) -> None:
    keys = (await client.get("/.well-known/jwks.json")).json()["keys"]
    assert [(key["kty"], key["crv"], key["alg"], "d" in key) for key in keys] == [("OKP", "Ed25519", "EdDSA", False)]
    claims = jwt.decode(tokens["access_token"], PyJWK(keys[0]), algorithms=["EdDSA"], audience="platform")
    assert claims["roles"] == ["trader"]
    assert claims["exp"] - claims["iat"] == tokens["expires_in"]


async def test_a_refresh_token_is_good_once(client: httpx.AsyncClient, tokens: dict[str, str]) -> None:
    answer = await client.post("/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert answer.status_code == 200
    assert answer.json()["refresh_token"] != tokens["refresh_token"]
    assert (await client.get("/me", headers=bearer(answer.json()))).status_code == 200


async def test_a_replayed_refresh_token_ends_the_whole_family(
    auth: Stack, client: httpx.AsyncClient, tokens: dict[str, str]
) -> None:
    second = (await client.post("/auth/refresh", json={"refresh_token": tokens["refresh_token"]})).json()
    stolen = client.post("/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    event = await next_event(auth, SessionsRevoked, stolen)
    assert isinstance(event, SessionsRevoked)
    assert event.reason == "replay"
    assert len(event.session_ids) == 1
    third = await client.post("/auth/refresh", json={"refresh_token": second["refresh_token"]})
    assert (third.status_code, third.json()["code"]) == (401, "invalid_refresh_token")


async def test_of_many_refreshes_at_once_at_most_one_wins(client: httpx.AsyncClient, tokens: dict[str, str]) -> None:
    body = {"refresh_token": tokens["refresh_token"]}
    answers = await asyncio.gather(*(client.post("/auth/refresh", json=body) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 7


async def test_a_refresh_token_that_nobody_has_ends_nothing(client: httpx.AsyncClient, tokens: dict[str, str]) -> None:
    assert (await client.post("/auth/refresh", json={"refresh_token": "x" * 43})).status_code == 401
    assert (await client.post("/auth/refresh", json={"refresh_token": tokens["refresh_token"]})).status_code == 200


async def test_a_logout_ends_this_session_only(auth: Stack, client: httpx.AsyncClient, tokens: dict[str, str]) -> None:
    other = await logged_in(client, "ann@example.org")
    event = await next_event(auth, SessionsRevoked, client.post("/auth/logout", headers=bearer(tokens)))
    assert isinstance(event, SessionsRevoked)
    assert event.reason == "logout"
    assert (await client.post("/auth/refresh", json={"refresh_token": tokens["refresh_token"]})).status_code == 401
    assert (await client.post("/auth/refresh", json={"refresh_token": other["refresh_token"]})).status_code == 200


async def test_logging_out_everywhere_ends_every_session(
    auth: Stack, client: httpx.AsyncClient, tokens: dict[str, str]
) -> None:
    other = await logged_in(client, "ann@example.org")
    event = await next_event(auth, SessionsRevoked, client.post("/auth/logout-all", headers=bearer(tokens)))
    assert isinstance(event, SessionsRevoked)
    assert len(event.session_ids) == 2
    for each in (tokens, other):
        assert (await client.post("/auth/refresh", json={"refresh_token": each["refresh_token"]})).status_code == 401


async def test_a_user_sees_where_he_is_logged_in_page_by_page(
    client: httpx.AsyncClient, tokens: dict[str, str]
) -> None:
    named = {"email": "ann@example.org", "password": PASSWORD}
    phone = await client.post("/auth/login", json=named, headers={"User-Agent": "Phone\t1.0 " + "x" * 300})
    refreshed = (await client.post("/auth/refresh", json={"refresh_token": tokens["refresh_token"]})).json()
    first = (await client.get("/auth/sessions?limit=1", headers=bearer(refreshed))).json()
    (newest,) = first["items"]
    assert (newest["current"], len(newest["user_agent"])) == (False, 200)
    assert newest["user_agent"].startswith("Phone1.0 xxx")
    assert newest["last_used_at"] == newest["created_at"] < newest["expires_at"]
    second = (await client.get(f"/auth/sessions?limit=1&cursor={first['next']}", headers=bearer(refreshed))).json()
    (oldest,) = second["items"]
    assert (oldest["current"], second["next"]) == (True, None)
    assert oldest["last_used_at"] > oldest["created_at"]
    assert (await client.post("/auth/logout", headers=bearer(phone.json()))).status_code == 204
    shown = (await client.get("/auth/sessions", headers=bearer(refreshed))).json()
    assert [each["id"] for each in shown["items"]] == [oldest["id"]]


async def test_a_session_elsewhere_is_ended_by_its_owner_alone(
    auth: Stack, client: httpx.AsyncClient, mailbox: Mailbox, tokens: dict[str, str]
) -> None:
    other = await logged_in(client, "ann@example.org")
    listed = (await client.get("/auth/sessions", headers=bearer(tokens))).json()["items"]
    (there,) = [each["id"] for each in listed if not each["current"]]
    await registered(client, mailbox, "eve@example.org")
    eve = bearer(await logged_in(client, "eve@example.org"))
    for session_id in (there, "nobodys"):
        assert (await client.delete(f"/auth/sessions/{session_id}", headers=eve)).status_code == 404
    ended = client.delete(f"/auth/sessions/{there}", headers=bearer(tokens))
    event = await next_event(auth, SessionsRevoked, ended)
    assert isinstance(event, SessionsRevoked)
    assert (event.session_ids, event.reason) == ((there,), "logout")
    assert (await client.post("/auth/refresh", json={"refresh_token": other["refresh_token"]})).status_code == 401
    assert (await client.delete(f"/auth/sessions/{there}", headers=bearer(tokens))).status_code == 204
    assert (await client.post("/auth/refresh", json={"refresh_token": tokens["refresh_token"]})).status_code == 200


@pytest.mark.parametrize("header", [{}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer a.b.c"}])
async def test_without_a_good_token_nothing_is_shown(client: httpx.AsyncClient, header: dict[str, str]) -> None:
    answer = await client.get("/me", headers=header)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"
