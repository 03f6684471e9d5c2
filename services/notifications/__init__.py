"""Notifications: in-app, by mail and by push, in the user's language."""
