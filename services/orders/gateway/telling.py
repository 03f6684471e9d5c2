"""What the gateway says of what it did: log lines and metrics."""

from collections.abc import Iterable

from services.kernel.service import Service
from services.orders.domain.changes import Dispatch
from services.orders.handlers.reporting import Told
from services.runtime import trace

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

    def sent(self, messages: Iterable[Dispatch]) -> None:
        """Messages that the session took."""
        for each in messages:
            self._log.info("sent", order_id=each.order.order_id, user_id=each.order.account_id, kind=each.kind)

    def reported(self, told: Iterable[Told]) -> None:
        """Reports that were applied."""
        for each in told:
            state = each.order.state
            self._reports.labels(each.kind, state.status).inc()
            if each.kind in ACKNOWLEDGED:
                self._acknowledged.observe(each.age / SECOND)
            elif each.kind == "fill":
                self._filled.observe(each.age / SECOND)
            with trace.continue_from(each.order.traceparent):
                self._log.info(
                    "order report",
                    order_id=state.order_id,
                    user_id=state.account_id,
                    kind=each.kind,
                    status=state.status,
                )
