"""Authenticators of users; their secrets lie encrypted."""

from typing import Any

import msgspec
from sqlalchemy import Row, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.auth.domain.totp import SecondFactor
from services.auth.store.cipher import Cipher
from services.auth.store.tables import totp
from services.kernel.inserts import upsert
from services.kernel.uow import UnitOfWork

THIS = totp.c.user_id == bindparam("of_user")
FIND = select(totp).where(THIS)
FORGET = delete(totp).where(THIS)
PLAIN = select(totp.c.user_id).where(totp.c.secret != "").order_by(totp.c.user_id)


class Factors:
    """All of them, with what opens their secrets."""

    def __init__(self, cipher: Cipher) -> None:
        self._cipher = cipher

    async def of(self, connection: AsyncConnection, user_id: str) -> SecondFactor | None:
        """The user's authenticator, confirmed or not."""
        return self._factor_of((await connection.execute(FIND, {"of_user": user_id})).first())

    async def locked(self, uow: UnitOfWork, user_id: str) -> SecondFactor | None:
        """As `of`, for who has locked the user's row, which goes before this one."""
        return self._factor_of((await uow.execute(FIND.with_for_update(), {"of_user": user_id})).first())

    async def keep(self, uow: UnitOfWork, factor: SecondFactor) -> None:
        row = {
            "user_id": factor.user_id,
            "secret": "",
            "created": factor.created,
            "confirmed": factor.confirmed,
            "step": factor.step,
            "recovery": msgspec.json.encode(factor.recovery),
            "encrypted": self._cipher.encrypt(factor.secret, factor.user_id),
        }
        await uow.later(upsert(totp, uow.connection.dialect.name), row)

    def _factor_of(self, row: Row[*tuple[Any, ...]] | None) -> SecondFactor | None:
        if row is None:
            return None
        return SecondFactor(
            user_id=row.user_id,
            secret=row.secret or self._cipher.decrypt(row.encrypted, row.user_id),
            created=row.created,
            confirmed=row.confirmed,
            step=row.step,
            recovery=msgspec.json.decode(row.recovery, type=tuple[str, ...]),
        )


async def forget(uow: UnitOfWork, user_id: str) -> None:
    await uow.later(FORGET, {"of_user": user_id})


async def plain(connection: AsyncConnection) -> list[str]:
    """Users whose secrets lie as they were written before they were encrypted."""
    return list((await connection.execute(PLAIN)).scalars())
