"""What orders and their session are measured by."""

import time
from collections.abc import Callable, Iterable

from services.contracts.metrics import fix as fix_declared
from services.contracts.metrics import orders as declared
from services.fix.transport import Endpoint
from services.kernel.service import Service
from services.orders.domain.changes import Dispatch
from services.orders.handlers.figures import figures_of
from services.orders.handlers.reporting import Told
from services.runtime import sessions
from services.runtime.clock import seconds_since
from services.runtime.sessions import Named

SECOND = 1_000_000
BROKER = "BROKER"
ACKNOWLEDGED = {"accepted", "rejected"}
MOST_AWAITED = 10_000
"""Orders whose first report is timed."""


class Figures:
    """Counts what was sent and reported; times are from the order's placing (wall time)."""

    def __init__(self, service: Service) -> None:
        metrics = service.metrics
        self._reports = metrics.counter(declared.REPORTS)
        self._rejected = metrics.counter(declared.REJECTED)
        self._fills = metrics.counter(declared.FILLS)
        self._acknowledged = metrics.histogram(declared.ACK_TIME).of()
        self._filled = metrics.histogram(declared.FILL_TIME).of()
        self._round_trip = metrics.histogram(fix_declared.ROUND_TRIP).of(BROKER)
        self._sent: dict[str, float] = {}

    def sent(self, messages: Iterable[Dispatch]) -> None:
        """Messages that the session took."""
        now = time.perf_counter()
        if len(self._sent) < MOST_AWAITED:
            self._sent |= {each.order.order_id: now for each in messages}
        else:
            self._sent.clear()

    def reported(self, each: Told) -> None:
        """A report that was applied, in the trace of its order."""
        state = each.order.state
        self._reports.inc(each.kind, state.status)
        if (sent := self._sent.pop(state.order_id, None)) is not None:
            self._round_trip.observe(time.perf_counter() - sent)
        if each.kind in ACKNOWLEDGED:
            self._acknowledged.observe(each.age / SECOND)
        elif each.kind == "fill":
            self._fills.inc(state.side)
            self._filled.observe(each.age / SECOND)
        if each.kind == "rejected":
            self._rejected.inc(state.reason or "unknown")


def measure(service: Service, endpoint: Callable[[], Endpoint | None], missing: Callable[[], int]) -> None:
    """Have on the page what is so now."""
    metrics = service.metrics
    sessions.measure(metrics, lambda: [Named(BROKER, each) for each in [endpoint()] if each is not None])
    metrics.gauge(declared.UNFETCHED).read(missing)
    standing, reserved = metrics.gauge(declared.OPEN), metrics.gauge(declared.RESERVED)
    unmatched, unsent, age = (
        metrics.gauge(each) for each in (declared.UNMATCHED, declared.UNSENT, declared.UNSENT_AGE)
    )

    async def look() -> None:
        found = await figures_of(service.database)
        standing.replace({(name,): count for name, count in found.open.items()})
        reserved.replace({(asset,): amount for asset, amount in found.reserved.items()})
        unmatched.set(found.unmatched)
        unsent.set(found.unsent)
        age.set(seconds_since(found.oldest))

    metrics.before_page(look)
