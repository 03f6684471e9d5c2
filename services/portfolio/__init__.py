"""Portfolio and trade history: the double-entry ledger, positions, trades."""
