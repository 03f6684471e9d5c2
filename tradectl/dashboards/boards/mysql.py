"""Percona Server and its replica, by mysqld_exporter, and what services see of both."""

from tradectl.dashboards.model import BYTES, COUNT, PER_SECOND, SECONDS, Board, Row, most, panel, quantiles, rate

OF = "mysql"
BOARD = Board(
    "mysql",
    "Percona and replication",
    "Primary and replica.",
    (
        Row(
            "As services see it",
            (
                panel(
                    "Transactions",
                    SECONDS,
                    "99 of 100 are quicker.",
                    *quantiles("db_transaction_duration_seconds", "job", "", 0.99),
                ),
                panel(
                    "Replica behind",
                    SECONDS,
                    "Age of the newest look at the primary of which the replica has all.",
                    most("db_replica_lag_seconds", "job"),
                    beyond=OF,
                ),
                panel(
                    "Reads",
                    PER_SECOND,
                    "That may go to the replica, by who answered.",
                    rate("db_replica_reads_total", "answered_by"),
                    beyond=OF,
                ),
                panel("Repeats", PER_SECOND, "Transactions begun anew.", rate("db_transaction_repeats_total", "job")),
            ),
        ),
        Row(
            "Servers",
            (
                panel("Up", COUNT, "1 where it lets the exporter in.", most("mysql_up", "instance"), beyond=OF),
                panel(
                    "Statements", PER_SECOND, "By server.", rate("mysql_global_status_questions", "instance"), beyond=OF
                ),
                panel(
                    "Running",
                    COUNT,
                    "Threads at work.",
                    most("mysql_global_status_threads_running", "instance"),
                    beyond=OF,
                ),
                panel(
                    "Connected",
                    COUNT,
                    "Threads with a client.",
                    most("mysql_global_status_threads_connected", "instance"),
                    beyond=OF,
                ),
            ),
        ),
        Row(
            "InnoDB",
            (
                panel(
                    "Row locks",
                    PER_SECOND,
                    "Waited for.",
                    rate("mysql_global_status_innodb_row_lock_waits", "instance"),
                    beyond=OF,
                ),
                panel(
                    "Log written",
                    BYTES,
                    "Bytes a second.",
                    rate("mysql_global_status_innodb_os_log_written", "instance"),
                    beyond=OF,
                ),
                panel(
                    "Pages read",
                    PER_SECOND,
                    "From disk.",
                    rate("mysql_global_status_innodb_buffer_pool_reads", "instance"),
                    beyond=OF,
                ),
            ),
        ),
    ),
)
