"""One part, whichever is chosen."""

from tradectl.dashboards.model import (
    BYTES,
    COUNT,
    LOKI,
    PER_SECOND,
    SECONDS,
    Board,
    Panel,
    Query,
    Row,
    Variable,
    most,
    panel,
    quantiles,
    rate,
)

THIS = 'job="$job"'
REQUESTS = "http_server_request_duration_seconds"
FAILED = f'sum(rate({REQUESTS}_count{{{THIS}, http_response_status_code=~"5.."}}[$__rate_interval])) or vector(0)'
BOARD = Board(
    "service",
    "One service",
    "Requests, events, database and process of one part.",
    (
        Row(
            "Requests",
            (
                panel("By route", PER_SECOND, "Answers by route.", rate(f"{REQUESTS}_count", "http_route", THIS)),
                panel(
                    "Failed",
                    PER_SECOND,
                    "Answers by 5xx; zero where there was none.",
                    (FAILED, "5xx"),
                ),
                panel(
                    "Latency by route",
                    SECONDS,
                    "99 of 100 are quicker.",
                    *quantiles(REQUESTS, "http_route", THIS, 0.99),
                ),
                panel(
                    "Calls to others",
                    SECONDS,
                    "Of what it asks of other services.",
                    *quantiles("http_client_request_duration_seconds", "peer", THIS, 0.99),
                ),
            ),
        ),
        Row(
            "Events",
            (
                panel(
                    "Taken",
                    PER_SECOND,
                    "Events applied, refused or set aside.",
                    rate("messaging_process_messages_total", "event, outcome", THIS),
                ),
                panel(
                    "Lag",
                    SECONDS,
                    "From the transaction that caused an event to the one that applied it.",
                    *quantiles("messaging_process_lag_seconds", "event", THIS, 0.95),
                ),
                panel(
                    "Queue",
                    COUNT,
                    "What waits, is under way or set aside.",
                    most("messaging_queue_messages", "state", THIS),
                ),
                panel("Outbox", COUNT, "Events that wait to be published.", most("outbox_messages", "job", THIS)),
            ),
        ),
        Row(
            "Database",
            (
                panel(
                    "Transactions",
                    SECONDS,
                    "From begin to end.",
                    *quantiles("db_transaction_duration_seconds", "outcome", THIS),
                ),
                panel(
                    "Waiting",
                    COUNT,
                    "Use cases that wait for a transaction.",
                    ('sum(db_client_connection_pending_requests{job="$job"})', "waiting"),
                ),
                panel(
                    "Use cases",
                    PER_SECOND,
                    "Several share a transaction.",
                    rate("db_transaction_use_cases_total", "instance", THIS),
                ),
            ),
        ),
        Row(
            "Process",
            (
                panel("Processor", COUNT, "Cores in use.", rate("process_cpu_seconds_total", "instance", THIS)),
                panel("Memory", BYTES, "Resident.", most("process_resident_memory_bytes", "instance", THIS)),
                panel(
                    "Event loop",
                    SECONDS,
                    "How late it comes back to its work.",
                    most("event_loop_lag_seconds", "instance", THIS),
                ),
                Panel("Log", COUNT, (Query('{service_name="$job"}', "", LOKI),), "Its lines.", "loki"),
            ),
        ),
    ),
    (Variable("job", "part_ready", "job"),),
)
