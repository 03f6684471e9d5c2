"""Sums over all deliveries, for the page of metrics."""

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifications.store.tables import deliveries, notifications, push_deliveries

CHANNELS = {"mail": deliveries, "push": push_deliveries}


async def pending(connection: AsyncConnection, channel: str) -> tuple[int, int | None]:
    """How many deliveries are not done with, and when the oldest of their notifications was made (wall time)."""
    of: Table = CHANNELS[channel]
    query = (
        select(func.count(), func.min(notifications.c.created))
        .join_from(of, notifications, notifications.c.notification_id == of.c.notification_id)
        .where(of.c.status == "pending")
    )
    count, oldest = (await connection.execute(query)).one()
    return count, oldest
