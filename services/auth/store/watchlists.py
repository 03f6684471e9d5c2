"""Watchlists, and our copy of the instruments that may be on them."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.auth.domain.watchlists import Watchlist
from services.auth.store.tables import instruments, watchlists
from services.contracts.instruments import Instrument
from services.kernel.inserts import upsert
from services.kernel.uow import UnitOfWork

FIND = select(watchlists.c.symbols, watchlists.c.changed).where(watchlists.c.user_id == bindparam("of_user"))
SYMBOLS = select(instruments.c.symbol)


async def of(connection: AsyncConnection, user_id: str) -> Watchlist:
    """What a user watches; an empty list where he has never chosen."""
    row = (await connection.execute(FIND, {"of_user": user_id})).first()
    if row is None:
        return Watchlist()
    return Watchlist(symbols=msgspec.json.decode(row.symbols, type=tuple[str, ...]), changed=row.changed)


async def keep(uow: UnitOfWork, user_id: str, symbols: Iterable[str]) -> None:
    row = {"user_id": user_id, "symbols": msgspec.json.encode(tuple(symbols)), "changed": uow.wall}
    await uow.later(upsert(watchlists, uow.connection.dialect.name), row)


async def known_symbols(uow: UnitOfWork) -> set[str]:
    """Of all instruments that we have heard of."""
    return set((await uow.execute(SYMBOLS)).scalars())


async def keep_instruments(uow: UnitOfWork, listed: Iterable[Instrument]) -> None:
    """Keep a copy of the instruments' terms."""
    rows = [{"symbol": each.symbol, "terms": msgspec.json.encode(each)} for each in listed]
    if rows:
        await uow.later(upsert(instruments, uow.connection.dialect.name), rows)
