"""SQL of market data: instruments, candles, and how far each symbol's trades are counted."""

from services.market_data.store.tables import STATE, metadata

__all__ = ["STATE", "metadata"]
