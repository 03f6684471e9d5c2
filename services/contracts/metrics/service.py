"""What every service exports that has it: peers, queues, outbox, transactions, replica, leases, cache."""

from services.contracts.metrics.metric import counter, gauge, histogram

PEERS = histogram(
    "http_client_request_duration_seconds",
    "A call to another service; outcome is the status's class, `unavailable`, `silent` or `refused` (breaker open)",
    "peer",
    "outcome",
)
BREAKER = gauge("circuit_breaker_open", "1 while a peer is left alone after failures in a row", "peer")

PROCESSED = counter(
    "messaging_process_messages_total",
    "Events taken from the service's queue; outcome `applied`, `refused` (tried again) or `dead` (set aside)",
    "event",
    "outcome",
)
PROCESS_LAG = histogram(
    "messaging_process_lag_seconds", "From the transaction that caused an event to the one that applied it", "event"
)
PROCESS_TIME = histogram("messaging_process_duration_seconds", "A consumer's transaction, of up to 200 events")
QUEUE = gauge(
    "messaging_queue_messages", "In the service's durable queue; state `waiting`, `unacknowledged` or `dead`", "state"
)
EMITTED = counter(
    "messaging_emitted_messages_total",
    "Events that transactions of this process have left, by name: what the business did (`order_placed`,"
    " `order_filled`, `signal_raised`, `message_posted`, `notification_created`, `withdrawal_settled` and so on)",
    "event",
)
PUBLISHED = counter("messaging_published_messages_total", "Events that the broker has confirmed")
PUBLISH_TIME = histogram("messaging_publish_duration_seconds", "Publishing a batch, until it is confirmed")
LIVE_LOST = counter("messaging_live_losses_total", "Times that live events were lost and streams began anew")

OUTBOX = gauge("outbox_messages", "Events that wait for the broker's confirm")
OUTBOX_AGE = gauge("outbox_oldest_age_seconds", "Age of the oldest of them; 0 when none waits", unit="seconds")
INBOX = gauge("inbox_waiting_messages", "Events that came early and wait for the one before")

TRANSACTIONS = histogram(
    "db_transaction_duration_seconds",
    "From a transaction's begin to its end; outcome `committed` or `failed`",
    "outcome",
)
USE_CASES = counter("db_transaction_use_cases_total", "Use cases that were given a transaction; several share one")
REPEATS = counter("db_transaction_repeats_total", "Transactions begun anew: a deadlock, or another was first")
WRITE_QUEUE = gauge("db_client_connection_pending_requests", "Use cases that wait for a transaction")
LANES = gauge("db_client_connections", "Connections for transactions; state `used` or `idle`", "state")
MOST_LANES = gauge("db_client_connections_max", "Connections for transactions at most")
REPLICA_LAG = gauge(
    "db_replica_lag_seconds",
    "Age of the newest look at the primary of which the replica has all; not finer than the time between two scrapes",
    unit="seconds",
)
REPLICA_READS = counter(
    "db_replica_reads_total", "Reads that may go to the replica; answered_by `replica` or `primary`", "answered_by"
)
LEASE = gauge("lease_held", "1 for a lease that this process holds", "lease")
CACHE_UP = gauge("cache_up", "1 where the cache answered when it was last asked")
