"""What waits to be delivered."""

from services.kernel.database import Database
from services.notifications.store import figures


async def pending(database: Database, channel: str) -> tuple[int, int | None]:
    """How many deliveries by `mail` or `push` are not done with, and when the oldest was made (wall time)."""
    async with database.reading() as connection:
        return await figures.pending(connection, channel)
