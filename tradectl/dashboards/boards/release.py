"""Release quality: each copy of a service beside the others, as a canary is judged."""

from tradectl.dashboards.model import (
    BYTES,
    COUNT,
    PER_SECOND,
    SECONDS,
    SHARE,
    Board,
    Row,
    Variable,
    most,
    panel,
    quantiles,
    rate,
)

THIS = 'job="$job"'
REQUESTS = "http_server_request_duration_seconds"
ANSWERS = f"sum by (instance) (rate({REQUESTS}_count{{{THIS}}}[$__rate_interval]))"
BY_FAULT = f'{THIS}, http_response_status_code=~"5.."'
FAILED = f"sum by (instance) (rate({REQUESTS}_count{{{BY_FAULT}}}[$__rate_interval]))"
UNAPPLIED = f'rate(messaging_process_messages_total{{{THIS}, outcome!="applied"}}[$__rate_interval])'
ERRORS = f'rate(log_lines_total{{{THIS}, level=~"error|critical"}}[$__rate_interval])'
BOARD = Board(
    "release",
    "Release quality",
    "One service, copy by copy: is the new one worse than those beside it.",
    (
        Row(
            "Requests",
            (
                panel("Rate", PER_SECOND, "Of each copy.", rate(f"{REQUESTS}_count", "instance", THIS)),
                panel(
                    "Failed",
                    SHARE,
                    "Share of 5xx of each copy.",
                    (f"({FAILED} or 0 * {ANSWERS}) / {ANSWERS}", "{{instance}}"),
                ),
                panel("Latency", SECONDS, "99 of 100 are quicker.", *quantiles(REQUESTS, "instance", THIS, 0.99)),
            ),
        ),
        Row(
            "Events and errors",
            (
                panel(
                    "Events not applied",
                    PER_SECOND,
                    "Refused or set aside.",
                    (f"sum by (instance) ({UNAPPLIED}) or vector(0)", "{{instance}}"),
                ),
                panel(
                    "Errors in the log",
                    PER_SECOND,
                    "Lines of level error and worse.",
                    (f"sum by (instance) ({ERRORS}) or vector(0)", "{{instance}}"),
                ),
                panel(
                    "Restarts",
                    COUNT,
                    "In the last hour.",
                    (f"changes(process_start_time_seconds{{{THIS}}}[1h])", "{{instance}}"),
                ),
            ),
        ),
        Row(
            "Cost",
            (
                panel("Processor", COUNT, "Cores of each copy.", rate("process_cpu_seconds_total", "instance", THIS)),
                panel("Memory", BYTES, "Resident.", most("process_resident_memory_bytes", "instance", THIS)),
                panel(
                    "Event loop",
                    SECONDS,
                    "How late it comes back to its work.",
                    most("event_loop_lag_seconds", "instance", THIS),
                ),
            ),
        ),
    ),
    (Variable("job", "part_ready", "job"),),
)
