"""SQL of notifications: tables, messages and their deliveries, alerts."""

from services.notifications.store.tables import STATE, metadata

__all__ = ["STATE", "metadata"]
