"""Recommendations over bars that a test makes."""
