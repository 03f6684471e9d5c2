"""Books, candles and quotes as they follow the provider's messages."""
