"""Orders: validation, the risk ledger, the order's state machine and the way to the broker."""
