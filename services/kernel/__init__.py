"""Plumbing for two services or more, with no trading word in it."""
