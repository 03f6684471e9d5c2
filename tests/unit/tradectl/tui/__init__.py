"""Pilot tests of the terminal, on a desk whose wire is canned."""
