"""What the gateway says of what it did: log lines and metrics."""

from collections.abc import Iterable, Sequence

from services.kernel.service import Service
from services.orders.domain.changes import Dispatch
from services.orders.gateway.figures import Figures
from services.orders.handlers.reporting import Told
from services.runtime import log, trace

SECOND = 1_000_000


class Telling:
    """Of one service."""

    def __init__(self, service: Service) -> None:
        self._log = service.log
        self._figures = Figures(service)

    def sent(self, messages: Sequence[Dispatch]) -> None:
        """Messages that the session took."""
        self._figures.sent(messages)
        for each in messages:
            with trace.within(trace.named(each.traceparent)):
                self._log.info("sent", order_id=each.order.order_id, user_id=each.order.account_id, kind=each.kind)

    def reported(self, told: Iterable[Told], seconds: float = 0.0) -> None:
        """Reports that were applied, in so many seconds together."""
        for each in told:
            state = each.order.state
            span = span_of(each)
            with trace.within(span):
                self._figures.reported(each)
                self._log.info(
                    "order report",
                    **log.ended(span, seconds),
                    order_id=state.order_id,
                    user_id=state.account_id,
                    kind=each.kind,
                    status=state.status,
                )


def span_of(told: Told) -> trace.Span:
    """Where the venue has named no span, the report is a child of the request that placed the order."""
    known = trace.named(told.traceparent)
    return known._replace(parent_id=told.parent_id) if known else trace.span_for(told.order.traceparent)
