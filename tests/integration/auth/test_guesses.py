"""Who tries passwords: stopped after ten, whoever has the address, and its owner hears of it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.auth import store
from services.auth.domain import digest
from services.auth.domain.guesses import LoginLocked as Refused
from services.auth.handlers import guesses, sessions
from services.auth.store import guesses as guessed
from services.contracts.clock import SECOND
from services.contracts.events.auth import LoginLocked
from services.kernel.database import Database
from services.kernel.settings import Auth
from services.kernel.uow import UnitOfWork
from tests.eventually import eventually
from tests.integration.auth.conftest import FAST
from tests.integration.auth.factors import FACTORS
from tests.integration.auth.test_two_processes import added, user
from tests.integration.bff.stack import PASSWORD, Mailbox, Stack, logged_in, registered, stack
from tests.integration.pair import Pair, pair_of

LIMITS = Auth()
ANN, EVE = "ann@example.org", "eve@example.org"
Answer = tuple[int, str]


async def tried(client: httpx.AsyncClient, email: str, password: str = "wrong horse battery") -> Answer:
    answer = await client.post("/auth/login", json={"email": email, "password": password})
    return answer.status_code, answer.json().get("code", "")


async def test_the_tenth_failure_locks_an_address_whether_anybody_has_it_or_not(
    auth: Stack, client: httpx.AsyncClient, mailbox: Mailbox
) -> None:
    await registered(client, mailbox, ANN)
    told = await auth.broker.listen([LoginLocked])
    for email in (ANN, EVE):
        answers = [await tried(client, email) for _ in range(11)]
        assert answers == [(401, "invalid_credentials")] * 10 + [(429, "login_locked")]
    assert await tried(client, ANN.upper(), PASSWORD) == (429, "login_locked")
    refused = await client.post("/auth/login", json={"email": EVE, "password": PASSWORD})
    assert 1 <= int(refused.headers["retry-after"]) <= LIMITS.login_lock
    assert EVE not in refused.text
    events = [envelope.event for envelope in await told.take(10) or ()]
    assert [getattr(event, "failures", 0) for event in events] == [10]


async def test_who_gets_in_begins_anew(client: httpx.AsyncClient, mailbox: Mailbox) -> None:
    await registered(client, mailbox, ANN)
    for _ in range(2):
        assert {await tried(client, ANN) for _ in range(9)} == {(401, "invalid_credentials")}
        await logged_in(client, ANN)


async def test_of_many_guesses_at_once_ten_are_answered(client: httpx.AsyncClient, mailbox: Mailbox) -> None:
    await registered(client, mailbox, ANN)
    answers = await asyncio.gather(*(tried(client, ANN) for _ in range(30)))
    assert sorted(answers) == [(401, "invalid_credentials")] * 10 + [(429, "login_locked")] * 20


async def test_the_lock_ends_by_itself(tmp_path: Path) -> None:
    short = {"auth.login_lock": "1", "auth.login_failures": "2"}
    async with (
        stack(tmp_path, "auth", options={**FAST, **short}) as running,
        Mailbox(running).open() as mailbox,
        httpx.AsyncClient(base_url=running.url("auth"), trust_env=False) as client,
    ):
        await registered(client, mailbox, ANN)
        for _ in range(2):
            await tried(client, ANN)
        assert await tried(client, ANN, PASSWORD) == (429, "login_locked")

        async def open_again() -> bool:
            return (await tried(client, ANN, PASSWORD))[0] == 200

        await eventually(open_again)


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    async with pair_of(tmp_path, "auth") as opened:
        yield opened


async def test_failures_at_two_processes_all_count(pair: Pair) -> None:
    for _ in range(5):
        await asyncio.gather(*(each.transact(guesses.fail, ANN, LIMITS) for each in pair))
    async with pair[0].reading() as connection:
        found = await guessed.of(connection, digest(ANN))
    assert found.locked_until > 0
    ann = await added(pair[0], user(ANN))
    with pytest.raises(Refused):
        await pair[1].transact(sessions.log_in, ann.id, LIMITS, FACTORS)


async def test_what_counts_no_more_is_forgotten(pair: Pair) -> None:
    async def later(uow: UnitOfWork) -> None:
        uow.wall += LIMITS.login_window * SECOND
        await guesses.fail(uow, EVE, LIMITS)

    await pair[0].transact(guesses.fail, ANN, LIMITS)
    assert await rows(pair[0]) == 1
    await pair[0].transact(later)
    assert await rows(pair[0]) == 1


async def rows(database: Database) -> int:
    async with database.reading() as connection:
        return len((await connection.execute(store.metadata.tables["login_failures"].select())).all())
