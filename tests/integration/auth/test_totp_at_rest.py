"""Authenticators' secrets in the database: encrypted, those from before too."""

from typing import Any

import httpx
from sqlalchemy import insert, select, update

from services.auth.domain.totp import SecondFactor, new_secret
from services.auth.handlers import factors
from services.auth.store.cipher import Cipher
from services.auth.store.tables import totp
from services.kernel import seals
from services.kernel.database import Database
from services.kernel.uow import UnitOfWork
from tests.integration.auth.factors import FACTORS
from tests.integration.bff.stack import PASSWORD, TOTP_KEY, Mailbox, bearer, logged_in, registered

ANN = "ann@example.org"


async def rows(database: Database) -> list[Any]:
    async with database.reading() as connection:
        return list((await connection.execute(select(totp))).mappings())


async def lay_plain(uow: UnitOfWork, user_id: str, secret: str) -> None:
    """As it was written before secrets were encrypted."""
    cells = {"user_id": user_id, "secret": secret, "created": 7, "confirmed": 8, "step": 9, "recovery": b'["a"]'}
    await uow.later(insert(totp), cells)


async def test_no_secret_lies_there_as_it_is(client: httpx.AsyncClient, mailbox: Mailbox, database: Database) -> None:
    await registered(client, mailbox, ANN)
    token = bearer(await logged_in(client, ANN))
    made = (await client.post("/auth/totp", json={"password": PASSWORD}, headers=token)).json()

    (row,) = await rows(database)
    assert made["secret"] not in str(dict(row))
    assert (row["secret"], Cipher(TOTP_KEY).decrypt(row["encrypted"], row["user_id"])) == ("", made["secret"])
    assert seals.holds(totp, row)


async def test_those_from_before_are_encrypted_at_the_start_and_are_as_they_were(database: Database) -> None:
    secrets = {user_id: new_secret() for user_id in ("ann", "bob")}
    for user_id, secret in secrets.items():
        await database.transact(lay_plain, user_id, secret)
    assert all(seals.holds(totp, row) for row in await rows(database))
    for _ in range(2):
        await factors.encrypt_all(database, FACTORS)
    found = await rows(database)
    assert [(row["secret"], bool(row["encrypted"]), seals.holds(totp, row)) for row in found] == [("", True, True)] * 2
    async with database.reading() as connection:
        known = [await FACTORS.of(connection, user_id) for user_id in secrets]
    assert known == [
        SecondFactor(user_id=user_id, secret=secret, created=7, confirmed=8, step=9, recovery=("a",))
        for user_id, secret in secrets.items()
    ]


async def test_one_that_could_not_be_encrypted_yet_still_opens(database: Database) -> None:
    secret = new_secret()
    await database.transact(lay_plain, "ann", secret)
    async with database.reading() as connection:
        found = await FACTORS.of(connection, "ann")
    assert found is not None
    assert found.secret == secret


async def test_what_an_auth_of_before_writes_meanwhile_stands_before_what_was_encrypted(database: Database) -> None:
    """It knows nothing of the new column, which so keeps the secret of the authenticator before."""
    known = SecondFactor(user_id="ann", secret=new_secret(), created=7)
    await database.transact(FACTORS.keep, known)
    secret = new_secret()

    async def lay(uow: UnitOfWork) -> None:
        await uow.execute(update(totp).values(secret=secret))

    await database.transact(lay)
    await factors.encrypt_all(database, FACTORS)
    (row,) = await rows(database)
    assert (row["secret"], Cipher(TOTP_KEY).decrypt(row["encrypted"], "ann")) == ("", secret)
