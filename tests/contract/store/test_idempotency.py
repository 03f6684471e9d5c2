"""A write that is repeated with its key is done once."""

import asyncio

import pytest
from sqlalchemy import func, insert, select

from services.contracts.errors import DomainError
from services.kernel.database import Database
from services.kernel.idempotency import fingerprint, once
from services.kernel.uow import UnitOfWork
from tests.contract.store.conftest import entries


async def deposit(uow: UnitOfWork, account: str, key: str, body: dict[str, object]) -> tuple[dict[str, int], bool]:
    async def action() -> dict[str, int]:
        row = await uow.execute(insert(entries), {"text": account})
        (number,) = row.inserted_primary_key or (0,)
        return {"id": number}

    return await once(uow, account, key, fingerprint(body), action, dict[str, int])


async def deposits(database: Database) -> int:
    async with database.reading() as connection:
        return int((await connection.execute(select(func.count()).select_from(entries))).scalar_one())


async def test_the_same_key_and_body_again_get_the_first_answer(database: Database) -> None:
    first, replayed = await database.transact(deposit, "ann", "k1", {"amount": "10.00", "currency": "USD"})
    again, replayed_again = await database.transact(deposit, "ann", "k1", {"currency": "USD", "amount": "10.00"})
    assert (again, replayed, replayed_again) == (first, False, True)
    assert await deposits(database) == 1


async def test_another_body_with_the_same_key_is_a_conflict(database: Database) -> None:
    await database.transact(deposit, "ann", "k1", {"amount": "10.00"})
    with pytest.raises(DomainError) as refusal:
        await database.transact(deposit, "ann", "k1", {"amount": "11.00"})
    assert (refusal.value.code, refusal.value.status) == ("idempotency_conflict", 409)
    assert await deposits(database) == 1


async def test_keys_belong_to_their_accounts(database: Database) -> None:
    await database.transact(deposit, "ann", "k1", {})
    await database.transact(deposit, "bob", "k1", {})
    assert await deposits(database) == 2


async def test_of_many_at_once_one_acts(database: Database) -> None:
    answers = await asyncio.gather(*(database.transact(deposit, "ann", "k1", {}) for _ in range(10)))
    assert sorted(replayed for _, replayed in answers) == [False] + [True] * 9
    assert len({answer["id"] for answer, _ in answers}) == 1
    assert await deposits(database) == 1


async def test_a_write_that_failed_can_be_done_with_the_same_key(database: Database) -> None:
    async def fail(uow: UnitOfWork) -> None:
        await deposit(uow, "ann", "k1", {})
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        await database.transact(fail)
    _, replayed = await database.transact(deposit, "ann", "k1", {})
    assert not replayed
