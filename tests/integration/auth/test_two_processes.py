"""Two processes of auth at the same user at the same time."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from services.auth import store
from services.auth.domain import Change, User
from services.auth.handlers import accounts, keys, sessions, staff
from services.auth.handlers.sessions import Opened
from services.contracts.clock import SECOND
from services.contracts.ids import new_id
from services.kernel.database import Database
from services.kernel.settings import Auth
from services.kernel.uow import UnitOfWork
from services.runtime.clock import wall
from tests.integration.auth.factors import FACTORS
from tests.integration.pair import Pair, pair_of

LIMITS = Auth()
CODE = "7K3QF-9M2XA"


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    async with pair_of(tmp_path, "auth") as opened:
        yield opened


def user(email: str, *roles: str, verified: bool = True) -> User:
    return User(
        id=new_id(),
        email=email,
        display_name="Ann",
        language="en",
        time_zone="UTC",
        roles=frozenset(roles or ("trader",)),
        blocked=False,
        verified=wall() if verified else None,
        created=wall(),
    )


async def added(database: Database, new: User) -> User:
    assert await database.transact(store.add_user, new, "hash")
    return new


async def revoked(database: Database) -> list[bool]:
    async with database.reading() as connection:
        return [each is not None for each in (await connection.execute(select(store.sessions.c.revoked))).scalars()]


async def test_an_address_is_registered_once(pair: Pair) -> None:
    newcomers = [user("ann@example.org", verified=False) for _ in pair]
    await asyncio.gather(
        *(each.transact(accounts.register, new, "hash", CODE) for each, new in zip(pair, newcomers, strict=True))
    )
    async with pair[0].reading() as connection:
        assert (await connection.execute(select(func.count()).select_from(store.users))).scalar_one() == 1


async def test_each_guess_of_a_code_costs_one_of_its_tries(pair: Pair) -> None:
    await pair[0].transact(accounts.register, user("ann@example.org", verified=False), "hash", CODE)
    for _ in range(LIMITS.code_attempts):
        guesses = (each.transact(accounts.verify, "ann@example.org", "wrong", LIMITS) for each in pair)
        assert await asyncio.gather(*guesses) == [False, False]
    async with pair[0].reading() as connection:
        tried = (await connection.execute(select(store.users.c.code_attempts))).scalar_one()
    assert tried == LIMITS.code_attempts
    assert not await pair[0].transact(accounts.verify, "ann@example.org", CODE, LIMITS)


async def test_the_right_code_at_both_verifies_once(pair: Pair) -> None:
    await pair[0].transact(accounts.register, user("ann@example.org", verified=False), "hash", CODE)
    right = (each.transact(accounts.verify, "ann@example.org", CODE, LIMITS) for each in pair)
    assert sorted(await asyncio.gather(*right)) == [False, True]


async def test_a_refresh_token_used_at_both_is_a_replay(pair: Pair) -> None:
    ann = await added(pair[0], user("ann@example.org"))
    for turn in range(5):
        logged_in = await pair[0].transact(sessions.log_in, ann.id, LIMITS, FACTORS)
        assert logged_in is not None
        token = logged_in.refresh_token
        opened = await asyncio.gather(*(each.transact(sessions.refresh, token, LIMITS) for each in pair))
        (new,) = [each for each in opened if each is not None]
        assert await revoked(pair[0]) == [True] * (turn + 1)
        assert await pair[1].transact(sessions.refresh, new.refresh_token, LIMITS) is None


async def test_a_log_in_beside_a_block_leaves_no_session_open(pair: Pair) -> None:
    root = await added(pair[0], user("root@example.org", "admin"))
    for number in range(5):
        ann = await added(pair[0], user(f"ann{number}@example.org"))
        block = pair[1].transact(staff.change_user, root.id, ann.id, Change(blocked=True))
        opened, blocked = await asyncio.gather(
            pair[0].transact(sessions.log_in, ann.id, LIMITS, FACTORS), block, return_exceptions=True
        )
        assert isinstance(blocked, User)
        async with pair[0].reading() as connection:
            assert await store.open_sessions(connection, ann.id) == [], opened
            assert isinstance(opened, Opened) or "blocked" in str(opened)


async def test_two_admins_who_demote_each_other_leave_one(pair: Pair) -> None:
    for number in range(5):
        one, other = [await added(pair[0], user(f"{name}{number}@example.org", "admin")) for name in ("a", "b")]
        demote = Change(roles=frozenset({"trader"}))
        outcomes = await asyncio.gather(
            pair[0].transact(staff.change_user, one.id, other.id, demote),
            pair[1].transact(staff.change_user, other.id, one.id, demote),
            return_exceptions=True,
        )
        assert sorted(type(each).__name__ for each in outcomes) == ["DomainError", "User"]


async def test_both_rotate_to_one_key(pair: Pair) -> None:
    await pair[0].transact(keys.current_keys, LIMITS)

    async def later(uow: UnitOfWork) -> list[str]:
        uow.wall += LIMITS.key_lifetime * SECOND
        return [key.kid for key in await keys.current_keys(uow, LIMITS)]

    one, other = await asyncio.gather(*(each.transact(later) for each in pair))
    assert one == other
    assert len(one) == 2


async def test_an_older_key_verifies_for_as_long_as_another_process_may_sign_with_it(pair: Pair) -> None:
    await pair[0].transact(keys.current_keys, LIMITS)
    look, token = keys.LOOK_EVERY, LIMITS.access_token_lifetime

    async def known_after(uow: UnitOfWork, seconds: int) -> int:
        uow.wall += seconds * SECOND
        return len(await keys.current_keys(uow, LIMITS))

    assert await pair[0].transact(known_after, LIMITS.key_lifetime) == 2
    assert await pair[0].transact(known_after, LIMITS.key_lifetime + look + token) == 2
    assert await pair[0].transact(known_after, LIMITS.key_lifetime + 3 * look + token) == 1
