"""Tests of the whole platform, driven as a user would."""
