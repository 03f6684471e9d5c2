"""The keys that access tokens are signed with."""

from typing import NamedTuple

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.auth.store.tables import signing_keys
from services.kernel.uow import UnitOfWork

KEYS = select(signing_keys.c.kid, signing_keys.c.private_key, signing_keys.c.created).order_by(
    signing_keys.c.created.desc(), signing_keys.c.kid
)


class SigningKey(NamedTuple):
    """A key pair; ``created`` is wall time in microseconds."""

    kid: str
    private_key: str
    created: int


async def keys(connection: AsyncConnection) -> list[SigningKey]:
    """Newest first."""
    return [SigningKey(*row) for row in await connection.execute(KEYS)]


async def locked_keys(uow: UnitOfWork) -> list[SigningKey]:
    """As `keys`, and nobody else makes the next one until this transaction ends."""
    return [SigningKey(*row) for row in await uow.execute(KEYS.with_for_update())]


async def add_key(uow: UnitOfWork, key: SigningKey) -> None:
    await uow.later(insert(signing_keys).values(**key._asdict()))


async def forget_keys(uow: UnitOfWork, kids: list[str]) -> None:
    await uow.later(delete(signing_keys).where(signing_keys.c.kid.in_(kids)))
