"""Signing keys rotate without logging anyone out."""

import httpx
import jwt

from services.auth.handlers.keys import PUBLISHED_FIRST, Keyring, current_keys, signing_key
from services.auth.store import SigningKey
from services.contracts.clock import SECOND
from services.kernel.database import Database
from services.kernel.security import Principal
from services.kernel.settings import Auth
from services.kernel.uow import UnitOfWork
from tests.integration.bff.stack import Mailbox, bearer, logged_in, registered

LIMITS = Auth()


async def keys_after(uow: UnitOfWork, seconds: int) -> list[SigningKey]:
    """What the keys are when so much wall time has passed."""
    uow.wall += seconds * SECOND
    return await current_keys(uow, LIMITS)


async def test_a_restart_keeps_the_key(database: Database) -> None:
    assert await database.transact(current_keys, LIMITS) == await database.transact(current_keys, LIMITS)


async def test_an_old_key_still_verifies_when_there_is_a_new_one(
    client: httpx.AsyncClient, mailbox: Mailbox, database: Database
) -> None:
    await registered(client, mailbox, "ann@example.org")
    tokens = await logged_in(client, "ann@example.org")
    new, old = await database.transact(keys_after, LIMITS.key_lifetime)
    published = (await client.get("/.well-known/jwks.json")).json()["keys"]
    assert [key["kid"] for key in published] == [new.kid, old.kid]
    assert (await client.get("/me", headers=bearer(tokens))).status_code == 200
    ring = Keyring(database, LIMITS)
    await ring.load()
    token = ring.sign(Principal("ann", "session", frozenset({"trader"})))
    assert jwt.get_unverified_header(token)["kid"] == old.kid, "the new one is published first"


async def test_a_new_key_signs_once_it_has_been_published_for_a_while(database: Database) -> None:
    async def signing_after(uow: UnitOfWork, seconds: int) -> SigningKey:
        uow.wall += seconds * SECOND
        return await signing_key(uow, LIMITS)

    first = await database.transact(signing_key, LIMITS)
    assert await database.transact(signing_after, LIMITS.key_lifetime) == first
    assert await database.transact(signing_after, LIMITS.key_lifetime + PUBLISHED_FIRST - 1) == first
    assert await database.transact(signing_after, LIMITS.key_lifetime + PUBLISHED_FIRST + 1) != first


async def test_a_key_goes_when_its_last_token_has_died(database: Database) -> None:
    new, _ = await database.transact(keys_after, LIMITS.key_lifetime)
    later = LIMITS.key_lifetime + 2 * LIMITS.access_token_lifetime + 1
    assert await database.transact(keys_after, later) == [new]
