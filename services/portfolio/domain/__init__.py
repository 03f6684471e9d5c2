"""What a fill or a deposit does to an account: position and lots, the ledger, and a batch of bookings."""
