"""Authenticators of users."""

from typing import Any

import msgspec
from sqlalchemy import Row, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.auth.domain.totp import SecondFactor
from services.auth.store.tables import totp
from services.kernel.inserts import upsert
from services.kernel.uow import UnitOfWork

THIS = totp.c.user_id == bindparam("of_user")
FIND = select(totp).where(THIS)
FORGET = delete(totp).where(THIS)


async def of(connection: AsyncConnection, user_id: str) -> SecondFactor | None:
    """The user's authenticator, confirmed or not."""
    return factor_of((await connection.execute(FIND, {"of_user": user_id})).first())


async def locked(uow: UnitOfWork, user_id: str) -> SecondFactor | None:
    """As `of`, for who has locked the user's row, which goes before this one."""
    return factor_of((await uow.execute(FIND.with_for_update(), {"of_user": user_id})).first())


async def keep(uow: UnitOfWork, factor: SecondFactor) -> None:
    row = {
        "user_id": factor.user_id,
        "secret": factor.secret,
        "created": factor.created,
        "confirmed": factor.confirmed,
        "step": factor.step,
        "recovery": msgspec.json.encode(factor.recovery),
    }
    await uow.later(upsert(totp, uow.connection.dialect.name), row)


async def forget(uow: UnitOfWork, user_id: str) -> None:
    await uow.later(FORGET, {"of_user": user_id})


def factor_of(row: Row[*tuple[Any, ...]] | None) -> SecondFactor | None:
    if row is None:
        return None
    return SecondFactor(
        user_id=row.user_id,
        secret=row.secret,
        created=row.created,
        confirmed=row.confirmed,
        step=row.step,
        recovery=msgspec.json.decode(row.recovery, type=tuple[str, ...]),
    )
