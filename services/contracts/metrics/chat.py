"""What chat exports."""

from services.contracts.metrics.metric import counter

MESSAGES = counter("chat_messages_total", "Messages posted")
MODERATED = counter("chat_moderations_total", "What moderators have done", "action")
REPORTED = counter("chat_reports_total", "Messages reported to moderators")
