"""One service's database as two of its processes have it: transactions of both at the same time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from services.kernel import migrations
from services.kernel.database import Database
from services.runtime.clock import WALL
from tests import parts

Pair = tuple[Database, Database]


@asynccontextmanager
async def pair_of(folder: Path, service: str) -> AsyncIterator[Pair]:
    """With the service's schema."""
    url = parts.of(folder).database(service)
    one, other = Database(url, WALL), Database(url, WALL)
    try:
        await migrations.upgrade(one, service)
        yield one, other
    finally:
        await one.close()
        await other.close()
