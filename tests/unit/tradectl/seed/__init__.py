"""Seeding, without a platform."""
