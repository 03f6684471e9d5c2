"""Market data: instruments, quotes, books, trades and candles from the provider."""
