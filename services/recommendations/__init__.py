"""Recommendations: signals on closed bars, with their reasons."""
