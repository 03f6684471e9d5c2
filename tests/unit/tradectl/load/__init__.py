"""Load, without a platform."""
