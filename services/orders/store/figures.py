"""Sums over all orders and balances, for the page of metrics."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.orders import FINAL
from services.orders.store.tables import balances, orders, unmatched_reports

OPEN = (
    select(orders.c.standing, func.count()).where(orders.c.standing.not_in(sorted(FINAL))).group_by(orders.c.standing)
)
RESERVED = (
    select(balances.c.asset, func.sum(balances.c.reserved)).where(balances.c.reserved > 0).group_by(balances.c.asset)
)
UNMATCHED = select(func.count()).select_from(unmatched_reports)


async def open_by_standing(connection: AsyncConnection) -> Mapping[str, int]:
    """How many orders are open."""
    return dict((await connection.execute(OPEN)).all())


async def reserved_by_asset(connection: AsyncConnection) -> Mapping[str, int]:
    """What is reserved in minor units of a currency, or in units of a symbol's scale."""
    return {asset: int(amount) for asset, amount in await connection.execute(RESERVED)}


async def unmatched(connection: AsyncConnection) -> int:
    """Reports that no order takes."""
    return int((await connection.execute(UNMATCHED)).scalar_one())
