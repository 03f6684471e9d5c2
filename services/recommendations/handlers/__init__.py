"""What recommendations do: watch closed bars, raise signals with their reasons, try strategies on stored bars."""

from services.recommendations.handlers.signals import latest, raise_signals, review

__all__ = ["latest", "raise_signals", "review"]
