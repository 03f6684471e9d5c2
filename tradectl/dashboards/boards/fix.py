"""FIX."""

from tradectl.dashboards.model import COUNT, PER_SECOND, SECONDS, Board, Row, most, panel, quantiles, rate

BOARD = Board(
    "fix",
    "FIX",
    "The sessions with the broker, from both ends.",
    (
        Row(
            "Session",
            (
                panel("Up", COUNT, "1 while both sides are logged on.", most("fix_session_up", "job, session")),
                panel(
                    "Numbers",
                    COUNT,
                    "The next of each direction.",
                    most("fix_next_sequence_number", "job, session, direction"),
                ),
                panel(
                    "Logons",
                    COUNT,
                    "Times that it was taken up.",
                    ("sum by (job, session) (fix_logons_total)", "{{job}} {{session}}"),
                ),
            ),
        ),
        Row(
            "Messages",
            (
                panel("By type", PER_SECOND, "MsgType (35).", rate("fix_messages_total", "job, direction, type")),
                panel(
                    "Round trip",
                    SECONDS,
                    "From an order message on the wire to the first report on it.",
                    *quantiles("fix_round_trip_seconds"),
                ),
                panel(
                    "Resends",
                    COUNT,
                    "Gaps found and asked to be filled.",
                    ("sum by (job, session) (fix_resend_requests_total) or vector(0)", "{{job}} {{session}}"),
                ),
            ),
        ),
        Row(
            "What waits",
            (
                panel("For the session", COUNT, "Order messages.", most("orders_unsent_messages", "job")),
                panel(
                    "At the broker",
                    COUNT,
                    "Reports that no session has numbered yet.",
                    most("broker_unsent_reports", "session"),
                ),
                panel("At the venue", PER_SECOND, "Commands that it was given.", rate("venue_commands_total", "job")),
            ),
        ),
    ),
)
