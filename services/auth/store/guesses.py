"""Failed log-ins by address."""

from typing import Any

import msgspec
from sqlalchemy import Row, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.auth.domain.guesses import Guesses
from services.auth.store.tables import login_failures
from services.kernel.inserts import new_only, upsert
from services.kernel.uow import UnitOfWork

THIS = login_failures.c.address == bindparam("of_address")
FIND = select(login_failures.c.failed, login_failures.c.locked_until).where(THIS)
LOCKED = FIND.with_for_update()
FORGET = delete(login_failures).where(THIS)
FORGET_OLD = delete(login_failures).where(login_failures.c.forgotten <= bindparam("now"))
NONE = {"failed": b"[]", "locked_until": 0}


async def of(connection: AsyncConnection, address: str) -> Guesses:
    """What has failed at an address, by its digest."""
    return guesses_of((await connection.execute(FIND, {"of_address": address})).first())


async def locked(uow: UnitOfWork, address: str) -> Guesses:
    """As `of`, and where there is a row, nobody else changes it until this transaction ends."""
    return guesses_of((await uow.execute(LOCKED, {"of_address": address})).first())


async def counting(uow: UnitOfWork, address: str) -> Guesses:
    """As `locked`, with a row made for who is to count: of two at once both count."""
    await uow.later(FORGET_OLD, {"now": uow.wall})
    row = {"address": address, **NONE, "forgotten": uow.wall}
    await uow.later(new_only(login_failures, uow.connection.dialect.name), row)
    return await locked(uow, address)


async def keep(uow: UnitOfWork, address: str, guesses: Guesses, forgotten: int) -> None:
    row = {
        "address": address,
        "failed": msgspec.json.encode(guesses.failed),
        "locked_until": guesses.locked_until,
        "forgotten": forgotten,
    }
    await uow.later(upsert(login_failures, uow.connection.dialect.name), row)


async def forget(uow: UnitOfWork, address: str) -> None:
    await uow.later(FORGET, {"of_address": address})


def guesses_of(row: Row[*tuple[Any, ...]] | None) -> Guesses:
    if row is None:
        return Guesses()
    return Guesses(failed=msgspec.json.decode(row.failed, type=tuple[int, ...]), locked_until=row.locked_until)
