"""Codes for new passwords, by the digest of the address."""

from sqlalchemy import bindparam, delete, select

from services.auth.domain.resets import Reset
from services.auth.store.tables import password_resets
from services.kernel.inserts import upsert
from services.kernel.uow import UnitOfWork

THIS = password_resets.c.address == bindparam("of_address")
COLUMNS = (
    password_resets.c.digest,
    password_resets.c.sent,
    password_resets.c.expires,
    password_resets.c.attempts,
)
FIND = select(*COLUMNS).where(THIS).with_for_update()
FORGET = delete(password_resets).where(THIS)
FORGET_OLD = delete(password_resets).where(password_resets.c.expires <= bindparam("now"))


async def locked(uow: UnitOfWork, address: str) -> Reset | None:
    """What was asked for last, and nobody else changes it until this transaction ends."""
    row = (await uow.execute(FIND, {"of_address": address})).first()
    return None if row is None else Reset(**row._mapping)


async def keep(uow: UnitOfWork, address: str, reset: Reset) -> None:
    row = {
        "address": address,
        "digest": reset.digest,
        "sent": reset.sent,
        "expires": reset.expires,
        "attempts": reset.attempts,
    }
    await uow.later(upsert(password_resets, uow.connection.dialect.name), row)


async def forget(uow: UnitOfWork, address: str) -> None:
    await uow.later(FORGET, {"of_address": address})


async def forget_old(uow: UnitOfWork) -> None:
    """Those that time has ended."""
    await uow.later(FORGET_OLD, {"now": uow.wall})
