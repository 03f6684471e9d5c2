"""Market data against the real provider over a market that a test writes."""
