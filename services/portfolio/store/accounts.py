"""What an account's owner reads."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import RowMapping, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.instruments import Instrument
from services.portfolio.store.tables import cash, deposits, instruments, lots, positions, reservations, withdrawals


async def all_instruments(connection: AsyncConnection) -> list[Instrument]:
    """The copy of the instruments."""
    rows = await connection.execute(select(instruments.c.terms))
    return [msgspec.json.decode(row.terms, type=Instrument) for row in rows]


async def with_instruments(
    connection: AsyncConnection, account_id: str
) -> tuple[dict[str, Sequence[RowMapping]], list[Instrument]]:
    """An account, and the copy of the instruments."""
    return await account(connection, account_id), await all_instruments(connection)


async def account(connection: AsyncConnection, account_id: str) -> dict[str, Sequence[RowMapping]]:
    """Cash, reservations and withdrawals under way by asset, positions and lots of an account."""
    by_asset = (
        select(reservations.c.asset, func.sum(reservations.c.amount).label("amount"))
        .where(reservations.c.account_id == account_id)
        .group_by(reservations.c.asset)
    )
    asked = (
        select(withdrawals.c.asset, func.sum(withdrawals.c.amount).label("amount"))
        .where(withdrawals.c.account_id == account_id, withdrawals.c.status == "requested")
        .group_by(withdrawals.c.asset)
    )
    return {
        "cash": await mappings(connection, select(cash).where(cash.c.account_id == account_id)),
        "reserved": await mappings(connection, by_asset),
        "asked": await mappings(connection, asked),
        "positions": await mappings(
            connection, select(positions).where(positions.c.account_id == account_id).order_by(positions.c.symbol)
        ),
        "lots": await mappings(
            connection,
            select(lots).where(lots.c.account_id == account_id).order_by(lots.c.symbol, lots.c.opened, lots.c.lot_id),
        ),
    }


async def quantity_scales(connection: AsyncConnection, account_id: str) -> dict[str, int]:
    """By symbol, for all that the account ever held."""
    query = select(positions.c.symbol, positions.c.quantity_scale).where(positions.c.account_id == account_id)
    return {row.symbol: row.quantity_scale for row in await connection.execute(query)}


async def mappings(connection: AsyncConnection, query: Any) -> Sequence[RowMapping]:
    return (await connection.execute(query)).mappings().all()


async def newest(
    connection: AsyncConnection, table: Table, account_id: str, before: int | None, limit: int
) -> Sequence[RowMapping]:
    """Rows of an account's trades or ledger, newest first, one more than the limit."""
    query = select(table).where(table.c.account_id == account_id).order_by(table.c.id.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(table.c.id < before)
    return await mappings(connection, query)


async def find_deposit(connection: AsyncConnection, account_id: str, deposit_id: str) -> RowMapping | None:
    """An account's own deposit."""
    query = select(deposits).where(deposits.c.deposit_id == deposit_id, deposits.c.account_id == account_id)
    found = await mappings(connection, query)
    return found[0] if found else None


async def find_withdrawal(connection: AsyncConnection, account_id: str, withdrawal_id: str) -> RowMapping | None:
    """An account's own withdrawal."""
    this = (withdrawals.c.withdrawal_id == withdrawal_id, withdrawals.c.account_id == account_id)
    found = await mappings(connection, select(withdrawals).where(*this))
    return found[0] if found else None


async def newest_withdrawals(
    connection: AsyncConnection, account_id: str, before: str | None, limit: int
) -> Sequence[RowMapping]:
    """An account's withdrawals, newest first, one more than the limit."""
    query = select(withdrawals).where(withdrawals.c.account_id == account_id)
    if before is not None:
        query = query.where(withdrawals.c.withdrawal_id < before)
    return await mappings(connection, query.order_by(withdrawals.c.withdrawal_id.desc()).limit(limit + 1))
