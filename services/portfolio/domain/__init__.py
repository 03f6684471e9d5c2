"""What a fill, a deposit or a withdrawal does to an account: position and lots, the ledger, and a batch of bookings."""
