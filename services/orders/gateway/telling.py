"""What the gateway says of what it did: log lines and metrics."""

from collections.abc import Iterable, Sequence

from services.kernel.service import Service
from services.orders.domain.changes import Dispatch
from services.orders.gateway.figures import Figures
from services.orders.handlers.reporting import Told
from services.runtime import trace

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
            self._log.info("sent", order_id=each.order.order_id, user_id=each.order.account_id, kind=each.kind)

    def reported(self, told: Iterable[Told]) -> None:
        """Reports that were applied."""
        for each in told:
            state = each.order.state
            with trace.continue_from(each.order.traceparent):
                self._figures.reported(each)
                self._log.info(
                    "order report",
                    order_id=state.order_id,
                    user_id=state.account_id,
                    kind=each.kind,
                    status=state.status,
                )
