"""A new password by mail: the same answer to everybody, a code that is good once, and nobody stays logged in."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.auth import store
from services.auth.domain import User
from services.auth.handlers import resets, sessions
from services.auth.handlers.sessions import InvalidCredentials
from services.contracts.clock import SECOND
from services.contracts.event import Event
from services.contracts.events.auth import PasswordChanged, PasswordForgotten, SessionsRevoked
from services.kernel.database import Database
from services.kernel.settings import Auth
from services.kernel.uow import UnitOfWork
from tests.integration.auth.factors import FACTORS
from tests.integration.auth.test_two_processes import CODE, added, revoked, user
from tests.integration.bff.stack import PASSWORD, Mailbox, Stack, bearer, logged_in, registered
from tests.integration.pair import Pair, pair_of

LIMITS = Auth()
ANN, EVE = "ann@example.org", "eve@example.org"
NEW = "another horse battery"


async def test_an_unknown_address_gets_the_same_answer_and_only_the_owner_a_code(
    auth: Stack, client: httpx.AsyncClient, mailbox: Mailbox
) -> None:
    await registered(client, mailbox, ANN)
    queue = await auth.broker.listen([PasswordForgotten])
    answers = [await client.post("/auth/password/forgot", json={"email": email}) for email in (EVE, ANN, ANN, EVE)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(202, b'{"status":"accepted"}')}
    assert len(await queue.take(10) or ()) == 1


async def test_a_code_sets_the_password_once_and_ends_every_session(
    auth: Stack, client: httpx.AsyncClient, mailbox: Mailbox
) -> None:
    await registered(client, mailbox, ANN)
    before = [await logged_in(client, ANN) for _ in range(2)]
    for _ in range(LIMITS.login_failures):
        await client.post("/auth/login", json={"email": ANN, "password": "wrong horse battery"})
    queue = await auth.broker.listen([PasswordForgotten, PasswordChanged, SessionsRevoked])
    await client.post("/auth/password/forgot", json={"email": ANN})
    (forgotten,) = await events(queue.take(10))
    assert isinstance(forgotten, PasswordForgotten)
    body = {"email": ANN, "code": forgotten.code.lower().replace("-", ""), "password": NEW}
    assert (await client.post("/auth/password/reset", json={**body, "password": "short"})).status_code == 422
    assert (await client.post("/auth/password/reset", json=body)).status_code == 204
    told: list[Event] = []
    while len(told) < 2:
        told += await events(queue.take(10))
    assert [event.name for event in told] == ["password_changed", "sessions_revoked"]
    again = await client.post("/auth/password/reset", json=body)
    assert (again.status_code, again.json()["code"]) == (403, "invalid_code")
    old = await client.post("/auth/login", json={"email": ANN, "password": PASSWORD})
    assert (old.status_code, old.json()["code"]) == (401, "invalid_credentials")
    for tokens in before:
        refused = await client.post("/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
        assert refused.status_code == 401
    assert (await client.get("/me", headers=bearer(await logged_in(client, ANN, password=NEW)))).status_code == 200


async def events(taken: object) -> list[Event]:
    async with asyncio.timeout(5):
        envelopes = await taken  # type: ignore[misc]
    return [envelope.event for envelope in envelopes or ()]


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    async with pair_of(tmp_path, "auth") as opened:
        yield opened


@pytest.fixture
async def ann(pair: Pair) -> User:
    """Has asked for a code."""
    new = await added(pair[0], user(ANN))
    await pair[0].transact(resets.forgotten, ANN, CODE, LIMITS)
    return new


async def hash_of(database: Database, user_id: str) -> str:
    async with database.reading() as connection:
        found = await store.password_of(connection, user_id)
    assert found is not None
    return found[1]


async def test_the_right_code_at_both_processes_sets_one_password(pair: Pair, ann: User) -> None:
    both = (each.transact(resets.reset, ANN, CODE, name, LIMITS) for each, name in zip(pair, "ab", strict=True))
    assert sorted(await asyncio.gather(*both)) == [False, True]
    assert await hash_of(pair[0], ann.id) in "ab"


async def test_each_guess_of_a_code_costs_one_of_its_tries(pair: Pair, ann: User) -> None:
    for _ in range(LIMITS.code_attempts // 2):
        guesses = (each.transact(resets.reset, ANN, "WRONG", "hash", LIMITS) for each in pair)
        assert await asyncio.gather(*guesses) == [False, False]
    assert not await pair[0].transact(resets.reset, ANN, CODE, "new", LIMITS)
    assert await hash_of(pair[0], ann.id) == "hash"


async def test_a_code_that_is_too_old_sets_nothing(pair: Pair, ann: User) -> None:
    async def late(uow: UnitOfWork) -> bool:
        uow.wall += LIMITS.reset_lifetime * SECOND
        return await resets.reset(uow, ANN, CODE, "new", LIMITS)

    assert not await pair[0].transact(late)
    assert await hash_of(pair[0], ann.id) == "hash"


async def test_a_code_for_an_address_that_nobody_has_is_good_for_nothing(pair: Pair) -> None:
    await pair[0].transact(resets.forgotten, EVE, CODE, LIMITS)
    assert not await pair[0].transact(resets.reset, EVE, CODE, "new", LIMITS)


async def test_a_log_in_with_the_old_password_beside_a_reset_leaves_no_session_open(pair: Pair, ann: User) -> None:
    old = await hash_of(pair[0], ann.id)
    reset = pair[1].transact(resets.reset, ANN, CODE, "new", LIMITS)
    opened, done = await asyncio.gather(
        pair[0].transact(sessions.log_in, ann.id, LIMITS, FACTORS, checked=old), reset, return_exceptions=True
    )
    assert done is True
    assert isinstance(opened, InvalidCredentials) or all(await revoked(pair[0]))
    with pytest.raises(InvalidCredentials):
        await pair[0].transact(sessions.log_in, ann.id, LIMITS, FACTORS, checked=old)
