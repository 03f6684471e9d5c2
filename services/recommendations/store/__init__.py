"""SQL of recommendations: signals, and what is traded most."""

from services.recommendations.store.tables import STATE, metadata

__all__ = ["STATE", "metadata"]
