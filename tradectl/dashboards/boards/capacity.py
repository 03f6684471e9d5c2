"""Capacity: what is nearly used up."""

from tradectl.dashboards.model import BYTES, COUNT, PER_SECOND, SECONDS, SHARE, Board, Row, most, panel, rate

USED = 'sum by (job) (db_client_connections{state="used"}) / sum by (job) (db_client_connections_max)'
BOARD = Board(
    "capacity",
    "Capacity",
    "How much is left of everything that runs out.",
    (
        Row(
            "Processes",
            (
                panel("Processor", COUNT, "Cores in use.", rate("process_cpu_seconds_total", "job")),
                panel(
                    "Memory",
                    BYTES,
                    "Resident; parts of one process say the same.",
                    most("process_resident_memory_bytes", "job"),
                ),
                panel(
                    "Files",
                    SHARE,
                    "Open, of those that a process may have.",
                    ("max by (job) (process_open_fds / process_max_fds)", "{{job}}"),
                ),
                panel(
                    "Event loops",
                    SECONDS,
                    "How late they come back to their work.",
                    most("event_loop_lag_seconds", "job"),
                ),
            ),
        ),
        Row(
            "Pools and queues",
            (
                panel(
                    "Under way",
                    COUNT,
                    "Requests that are being answered.",
                    ("sum by (job) (http_server_active_requests)", "{{job}}"),
                ),
                panel(
                    "Connections",
                    SHARE,
                    "In use, of those that the pool has.",
                    (
                        USED,
                        "{{job}}",
                    ),
                ),
                panel("Queues", COUNT, "Events that wait.", most("messaging_queue_messages", "job", 'state="waiting"')),
                panel(
                    "Passwords",
                    COUNT,
                    "That wait for Argon2; two at a time.",
                    ("sum(auth_password_hash_pending_requests)", "waiting"),
                ),
            ),
        ),
        Row(
            "Telemetry",
            (
                panel(
                    "Series",
                    COUNT,
                    "That Prometheus holds.",
                    most("prometheus_tsdb_head_series", "job"),
                    beyond="prometheus",
                ),
                panel(
                    "Samples",
                    PER_SECOND,
                    "That it takes.",
                    rate("prometheus_tsdb_head_samples_appended_total", "job"),
                    beyond="prometheus",
                ),
                panel("Scrapes", SECONDS, "How long a look at a part takes.", most("scrape_duration_seconds", "job")),
            ),
        ),
    ),
)
