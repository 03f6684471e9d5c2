"""What the gateway says of what it did: log lines and metrics."""

from collections.abc import Iterable

from services.kernel.service import Service
from services.orders.handlers.reporting import Told

SECOND = 1_000_000
ACKNOWLEDGED = {"accepted", "rejected"}


class Telling:
    """Counts reports and how long the venue took for them, from the order's placing (wall time)."""

    def __init__(self, service: Service) -> None:
        metrics = service.metrics
        self._log = service.log
        self._reports = metrics.counter("order_reports", "Reports applied", ("kind", "status"))
        self._acknowledged = metrics.histogram("order_ack_seconds", "From the order to the venue's answer")
        self._filled = metrics.histogram("order_fill_seconds", "From the order to each of its fills")

    def reported(self, told: Iterable[Told]) -> None:
        """Reports that were applied."""
        for each in told:
            self._reports.labels(each.kind, each.status).inc()
            if each.kind in ACKNOWLEDGED:
                self._acknowledged.observe(each.age / SECOND)
            elif each.kind == "fill":
                self._filled.observe(each.age / SECOND)
            self._log.info("order report", order_id=each.order_id, kind=each.kind, status=each.status)
