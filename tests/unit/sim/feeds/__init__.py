"""Feeds without files."""
