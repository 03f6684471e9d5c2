"""What the order service exports: what becomes of orders, and what is reserved for them."""

from services.contracts.metrics.metric import counter, gauge, histogram

PLACED = counter("orders_placed_total", "Orders taken, before the venue has seen them", "type", "side")
REFUSED = counter("orders_refused_total", "Orders not taken, by the code of the problem that told so", "code")
OPEN = gauge("orders_open", "Open orders by their standing at the venue", "standing")
REPORTS = counter(
    "order_reports_total", "Reports applied to orders, with the status that the order then had", "report", "status"
)
REJECTED = counter(
    "orders_rejected_total", "Orders that ended without the venue taking them, by the stable code", "reason"
)
FILLS = counter("order_fills_total", "Fills booked", "side")
ACK_TIME = histogram("order_ack_seconds", "From the order to the venue's answer")
FILL_TIME = histogram("order_fill_seconds", "From the order to each of its fills")
RESERVED = gauge("orders_reserved", "What open orders hold back, in units of the currency or shares", "asset")
UNSENT = gauge("orders_unsent_messages", "Messages that wait for the FIX session")
UNSENT_AGE = gauge("orders_unsent_oldest_age_seconds", "Age of the oldest of them; 0 when none waits", unit="seconds")
UNFETCHED = gauge("orders_missing_fills", "Orders of which a fill is to be fetched from the broker's record")
UNMATCHED = gauge("orders_unmatched_reports", "Reports kept that no order of ours explains")
