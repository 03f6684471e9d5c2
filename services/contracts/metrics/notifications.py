"""What notifications exports: mail and push, and how late they are."""

from services.contracts.metrics.metric import counter, gauge, histogram

CREATED = counter("notifications_created_total", "Notifications made, by what they tell of", "about")
TRIED = counter(
    "notifications_deliveries_total",
    "Attempts to deliver; channel `mail` or `push`, outcome `sent`, `again` (it is tried later), `gone` or `failed`",
    "channel",
    "outcome",
)
PENDING = gauge("notifications_pending_deliveries", "Deliveries that are not done with", "channel")
OLDEST = gauge(
    "notifications_oldest_pending_age_seconds",
    "Age of the oldest of them; 0 when none waits",
    "channel",
    unit="seconds",
)
DELIVERY_TIME = histogram(
    "notifications_delivery_duration_seconds", "One attempt, from its begin to the answer", "channel"
)
