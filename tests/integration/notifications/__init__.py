"""Notifications against the real mail gateway."""
