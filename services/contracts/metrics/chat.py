"""What the chat exports: what waits for its moderators."""

from services.contracts.metrics.metric import gauge

REPORTS = gauge("chat_open_reports", "Reports of messages that no moderator has looked at")
REPORTS_AGE = gauge(
    "chat_oldest_open_report_age_seconds", "Age of the oldest of them; 0 when there is none", unit="seconds"
)
MUTED = gauge("chat_muted_users", "Users who must not write at the moment")
