"""The whole ledger held against the venue's own record."""
