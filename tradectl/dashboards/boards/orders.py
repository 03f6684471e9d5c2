"""Orders and risk."""

from tradectl.dashboards.model import COUNT, PER_SECOND, SECONDS, SHARE, Board, Row, most, panel, quantiles, rate

LEFT = rate("messaging_emitted_messages_total", "event", 'job="portfolio"')
PLACED, TURNED_AWAY, LOST = (
    f"(sum(rate({metric}[$__rate_interval])) or vector(0))"
    for metric in ("orders_placed_total", "orders_refused_total", "orders_rejected_total")
)
ASKED = f"({PLACED} + {TURNED_AWAY} > 0)"
REFUSED, REJECTED = f"{TURNED_AWAY} / {ASKED}", f"{LOST} / {ASKED}"
BOARD = Board(
    "orders",
    "Orders and risk",
    "What becomes of orders, and what is held back for them.",
    (
        Row(
            "Orders",
            (
                panel("Taken", PER_SECOND, "By type and side.", rate("orders_placed_total", "type, side")),
                panel("Open", COUNT, "By their standing at the venue.", most("orders_open", "standing")),
                panel(
                    "Refused and rejected",
                    SHARE,
                    "Of orders that were asked for: refused here, or ended without the venue taking them.",
                    (REFUSED, "refused"),
                    (REJECTED, "rejected"),
                ),
                panel("Reports", PER_SECOND, "Applied to orders.", rate("order_reports_total", "report")),
            ),
        ),
        Row(
            "How long it takes",
            (
                panel(
                    "To the venue's answer",
                    SECONDS,
                    "From the order.",
                    *quantiles("order_ack_seconds", "", "", 0.5, 0.95, 0.99),
                ),
                panel(
                    "To a fill",
                    SECONDS,
                    "From the order to each of its fills; resting ones too.",
                    *quantiles("order_fill_seconds"),
                ),
                panel(
                    "Fill to portfolio",
                    SECONDS,
                    "From the fill's transaction to its booking.",
                    *quantiles(
                        "messaging_process_lag_seconds", "event", 'job="portfolio", event=~"order_.*filled"', 0.95
                    ),
                ),
                panel(
                    "Waits for the session",
                    SECONDS,
                    "Age of the oldest message; at 30 s an order ends as not sent.",
                    most("orders_unsent_oldest_age_seconds", "job"),
                ),
            ),
        ),
        Row(
            "Money",
            (
                panel("Fills", PER_SECOND, "By side.", rate("order_fills_total", "side")),
                panel("Executions", PER_SECOND, "In the venue's own record.", rate("venue_executions_total", "job")),
                panel("Reserved", COUNT, "What open orders hold back.", most("orders_reserved", "asset")),
                panel(
                    "Events",
                    PER_SECOND,
                    "That portfolio left.",
                    rate("messaging_emitted_messages_total", "event", 'job="portfolio"'),
                ),
            ),
        ),
        Row(
            "Truth",
            (
                panel(
                    "Missing fills",
                    COUNT,
                    "Orders of which a fill is to be fetched.",
                    most("orders_missing_fills", "job"),
                ),
                panel(
                    "Unmatched reports",
                    COUNT,
                    "That no order of ours explains.",
                    most("orders_unmatched_reports", "job"),
                ),
                panel(
                    "Audit",
                    COUNT,
                    "Differences between the books and the venue's record.",
                    ("sum by (rule) (audit_differences)", "{{rule}}"),
                    beyond="audit",
                ),
            ),
        ),
    ),
)
