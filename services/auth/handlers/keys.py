"""The keys that access tokens are signed with: the newest signs, older ones verify until their tokens have died."""

import asyncio
from itertools import pairwise

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from services.auth import store
from services.auth.store import SigningKey
from services.contracts.clock import SECOND
from services.contracts.ids import new_id
from services.kernel.database import Database
from services.kernel.lost import is_lost
from services.kernel.security import Principal, issue, jwk
from services.kernel.settings import Auth
from services.kernel.uow import UnitOfWork
from services.runtime import log

LOOK_EVERY = 60
"""Seconds between two looks at the keys: another process may have made one."""
PUBLISHED_FIRST = 30
"""Seconds that a new key is published before it signs: the edge asks for the keys now and then, not for each token."""


async def current_keys(uow: UnitOfWork, limits: Auth) -> list[SigningKey]:
    """All keys that are good for something, newest first; makes a new one when the newest has signed long enough."""
    keys = await store.locked_keys(uow)
    if not keys or keys[0].created + limits.key_lifetime * SECOND <= uow.wall:
        keys.insert(0, SigningKey(new_id(), new_private_key(), uow.wall))
        await store.add_key(uow, keys[0])
    # A process signs with the older one until it looks at a new one that is published, and may be late by as much.
    dead = dead_keys(keys, uow.wall - (limits.access_token_lifetime + 2 * LOOK_EVERY) * SECOND)
    if dead:
        await store.forget_keys(uow, dead)
    return [key for key in keys if key.kid not in dead]


async def signing_key(uow: UnitOfWork, limits: Auth) -> SigningKey:
    """The newest that verifiers have had the time to learn of; of young ones alone, the oldest."""
    keys = await current_keys(uow, limits)
    return next((key for key in keys if key.created + PUBLISHED_FIRST * SECOND <= uow.wall), keys[-1])


def dead_keys(keys: list[SigningKey], before: int) -> list[str]:
    """Keys that another one followed so long ago that none of their tokens lives; ``keys`` are newest first."""
    return [older.kid for newer, older in pairwise(keys) if newer.created < before]


def new_private_key() -> str:
    """An Ed25519 key as PEM."""
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def private_key(pem: str) -> Ed25519PrivateKey:
    """The key in its PEM."""
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("a signing key is Ed25519")
    return key


class Keyring:
    """The key that signs, in memory."""

    def __init__(self, database: Database, limits: Auth) -> None:
        self._database = database
        self._limits = limits
        self._signing: tuple[str, Ed25519PrivateKey] | None = None

    async def load(self) -> None:
        """Read the keys, or make the first one."""
        key = await self._database.transact(signing_key, self._limits)
        if self._signing is None or self._signing[0] != key.kid:
            self._signing = (key.kid, private_key(key.private_key))

    async def run(self) -> None:
        """Rotate for life."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self.load()
            except Exception as error:
                if not is_lost(error):
                    raise
                log.logger("auth").warning("keys are not looked at", error=str(error))

    def sign(self, principal: Principal) -> str:
        """An access token."""
        if self._signing is None:
            raise LookupError("the keys are not loaded yet")
        kid, key = self._signing
        return issue(key, kid, principal, self._limits.access_token_lifetime)

    async def published(self) -> list[dict[str, str]]:
        """The public halves: what verifies tokens."""
        async with self._database.reading() as connection:
            keys = await store.keys(connection)
        return [jwk(private_key(key.private_key).public_key(), key.kid) for key in keys]
