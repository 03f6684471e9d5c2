"""What `tradectl audit --watch` exports where it is given a port."""

from services.contracts.metrics.metric import counter, gauge

DIFFERENCES = gauge(
    "audit_differences",
    "Differences between the books and the venue's record that stayed over the last two audits",
    "rule",
)
AUDITS = counter("audit_runs_total", "Audits; outcome `agrees`, `differs` or `failed`", "outcome")
LAST = gauge("audit_last_run_timestamp_seconds", "When the last audit ended that could be made", unit="seconds")
TOOK = gauge("audit_last_run_duration_seconds", "How long it took", unit="seconds")
