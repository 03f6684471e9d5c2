"""What `tradectl backup` writes for the textfile collector."""

from services.contracts.metrics.metric import counter, gauge

SUCCESS = gauge(
    "tradectl_backup_last_success_timestamp_seconds",
    "When the last full backup was whole",
    "sandbox",
    unit="seconds",
)
VERIFIED = gauge(
    "tradectl_backup_last_verified_timestamp_seconds",
    "When a full backup was last read back and held against its manifest",
    "sandbox",
    unit="seconds",
)
SIZE = gauge("tradectl_backup_last_size_bytes", "Size of the last full backup in its store", "sandbox", unit="bytes")
DURATION = gauge("tradectl_backup_last_duration_seconds", "What the last full backup took", "sandbox", unit="seconds")
FAILURES = counter("tradectl_backup_failures_total", "Backups, verifications and shipments that failed", "sandbox")
SHIPPED = gauge(
    "tradectl_backup_log_shipped_timestamp_seconds",
    "The moment up to which every transaction of the primary is in the store",
    "sandbox",
    unit="seconds",
)
SHIPPED_BYTES = counter(
    "tradectl_backup_log_shipped_bytes_total", "Bytes of binary logs that were shipped", "sandbox", unit="bytes"
)
RPO = gauge(
    "tradectl_backup_drill_rpo_seconds",
    "Of the last drill: from the last transaction that came back to the loss",
    "sandbox",
    unit="seconds",
)
RTO = gauge(
    "tradectl_backup_drill_rto_seconds",
    "Of the last drill: from the loss to the next order that was taken",
    "sandbox",
    unit="seconds",
)
