"""Tokens: who holds which, and until when."""

import asyncio

import httpx
import jwt
import pytest
from jwt import PyJWK

from services.contracts.event import Event
from services.contracts.events.auth import SessionsRevoked
from tests.integration.bff.stack import Mailbox, Stack, bearer, logged_in, registered


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


@pytest.mark.parametrize("header", [{}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer a.b.c"}])
async def test_without_a_good_token_nothing_is_shown(client: httpx.AsyncClient, header: dict[str, str]) -> None:
    answer = await client.get("/me", headers=header)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"
