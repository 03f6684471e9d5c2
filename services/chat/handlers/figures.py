"""What the chat is measured by, looked up when a page of metrics is wanted."""

from services.chat.store import moderation
from services.contracts.metrics import chat as declared
from services.kernel.service import Service
from services.runtime.clock import seconds_since, wall


def measure(service: Service) -> None:
    """Have on the page what waits for moderators."""
    reports, age, muted = (
        service.metrics.gauge(each) for each in (declared.REPORTS, declared.REPORTS_AGE, declared.MUTED)
    )

    async def look() -> None:
        async with service.database.reading() as connection:
            count, oldest = await moderation.waiting(connection)
            muted.set(await moderation.how_many_are_muted(connection, wall()))
        reports.set(count)
        age.set(seconds_since(oldest))

    service.metrics.before_page(look)
