"""What both ends of a FIX session export; session is the other side's CompID."""

from services.contracts.metrics.metric import counter, gauge, histogram

UP = gauge("fix_session_up", "1 while both sides are logged on", "session")
NEXT = gauge("fix_next_sequence_number", "The session's next number; direction `in` or `out`", "session", "direction")
MESSAGES = counter(
    "fix_messages_total",
    "Messages by MsgType (35); direction `in` or `out`, resent ones included",
    "session",
    "direction",
    "type",
)
RESENDS = counter("fix_resend_requests_total", "Gaps that this side has found and asked to be filled", "session")
LOG_ONS = counter("fix_logons_total", "Times that the session was taken up", "session")
ROUND_TRIP = histogram(
    "fix_round_trip_seconds", "From an order message on the wire to the first report on it", "session"
)
