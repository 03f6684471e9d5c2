"""What notifications do: turn events into messages, keep what became of their deliveries, watch prices."""

from services.contracts.events import market_data
from services.kernel.consumer import Handlers, Together
from services.notifications.handlers.alerts import Alerts, instruments, keep_instrument
from services.notifications.handlers.messages import (
    Notifier,
    count_due,
    due,
    mail_of,
    mark_read,
    outcome,
    row_of,
    settle,
)
from services.notifications.handlers.security import Security

__all__ = [
    "Alerts",
    "Notifier",
    "consumes",
    "count_due",
    "due",
    "instruments",
    "mail_of",
    "mark_read",
    "outcome",
    "row_of",
    "settle",
]


def consumes(notifier: Notifier, alerts: Alerts) -> Handlers:
    """Which event is handled how."""
    return {
        **notifier.consumes,
        **Security(notifier.send).consumes,
        market_data.BarClosed: Together(alerts.on_bars),
        market_data.InstrumentListed: keep_instrument,
        market_data.InstrumentChanged: keep_instrument,
    }
