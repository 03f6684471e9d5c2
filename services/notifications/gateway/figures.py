"""What a courier is measured by."""

from collections.abc import Iterable

from services.contracts.metrics import notifications as declared
from services.kernel.service import Service
from services.notifications.handlers import figures
from services.runtime.clock import seconds_since
from services.runtime.metrics import Metrics

GIVEN_UP = "failed"
OUTCOMES = {"pending": "again", "dead": GIVEN_UP}


class Figures:
    """Of all couriers of a service; one for each is not possible, as a metric is declared once."""

    def __init__(self, metrics: Metrics) -> None:
        self._created = metrics.counter(declared.CREATED)
        self._tried = metrics.counter(declared.TRIED)
        self._time = metrics.histogram(declared.DELIVERY_TIME)

    def created(self, about: Iterable[str]) -> None:
        """Notifications, by their kinds."""
        for kind in about:
            self._created.inc(kind)

    def tried(self, channel: str, status: str, seconds: float) -> str:
        """An attempt that ended with this status of the delivery; what became of it, as metrics call it."""
        became = OUTCOMES.get(status, status)
        self._tried.inc(channel, became)
        self._time.observe(seconds, channel)
        return became


def measure(service: Service, channels: tuple[str, ...]) -> Figures:
    """Have on the page what waits, and what becomes of it."""
    metrics = service.metrics
    waiting, oldest = metrics.gauge(declared.PENDING), metrics.gauge(declared.OLDEST)

    async def look() -> None:
        for channel in channels:
            count, since = await figures.pending(service.database, channel)
            waiting.set(count, channel)
            oldest.set(seconds_since(since), channel)

    metrics.before_page(look)
    return Figures(metrics)
