"""The platform at one look."""

from tradectl.dashboards.model import (
    COUNT,
    LOKI,
    PER_SECOND,
    SECONDS,
    SHARE,
    Board,
    Panel,
    Query,
    Row,
    panel,
    quantiles,
    rate,
)

DOOR = 'job="bff"'
REQUESTS = "http_server_request_duration_seconds"
WARNINGS = 'sum by (service_name) (count_over_time({service_name=~".+"} |= "warning" [$__interval])) or vector(0)'
BOARD = Board(
    "platform",
    "Platform",
    "Is it well: what users feel first, then the parts.",
    (
        Row(
            "What users feel",
            (
                panel(
                    "Failed promises",
                    SHARE,
                    "Share of requests of the last hour that failed or were late; 0.1 % is the promise.",
                    ("slo:failures:ratio1h", "{{slo}}"),
                ),
                panel(
                    "Requests",
                    PER_SECOND,
                    "Answers at the door by status.",
                    rate(f"{REQUESTS}_count", "http_response_status_code", DOOR),
                ),
                panel(
                    "Latency",
                    SECONDS,
                    "From a request's first byte to its answer's last.",
                    *quantiles(REQUESTS, "", DOOR),
                ),
            ),
        ),
        Row(
            "Trading",
            (
                panel("Orders", PER_SECOND, "Orders taken.", rate("orders_placed_total", "type, side")),
                panel("Fills", PER_SECOND, "Fills booked.", rate("order_fills_total", "side")),
                panel(
                    "To the venue's answer",
                    SECONDS,
                    "From the order to the venue's answer.",
                    *quantiles("order_ack_seconds"),
                ),
            ),
        ),
        Row(
            "Parts",
            (
                panel("Ready", COUNT, "1 where a part has all it needs.", ("min by (job) (part_ready)", "{{job}}")),
                panel(
                    "Alerts",
                    COUNT,
                    "What fires.",
                    ('count by (severity) (ALERTS{alertstate="firing"}) or vector(0)', "{{severity}}"),
                ),
                panel("Log lines", PER_SECOND, "By level.", rate("log_lines_total", "level")),
                Panel(
                    "Warnings",
                    COUNT,
                    (
                        Query(
                            WARNINGS,
                            "{{service_name}}",
                            LOKI,
                        ),
                    ),
                    "Log lines that warn, of each part.",
                    "loki",
                ),
            ),
        ),
    ),
)
