"""The service's SQL. Functions take the unit of work, or a connection where they only read."""

from sqlalchemy.ext.asyncio import AsyncConnection as Connection

from services.orders.store.state import STATE
from services.orders.store.tables import metadata

__all__ = ["STATE", "Connection", "metadata"]
