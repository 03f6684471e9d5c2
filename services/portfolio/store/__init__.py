"""SQL of the portfolio: tables, batches of bookings, an account's reads."""

from services.portfolio.store.tables import STATE, metadata

__all__ = ["STATE", "metadata"]
