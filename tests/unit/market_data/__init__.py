"""Books, candles and symbols by themselves."""
