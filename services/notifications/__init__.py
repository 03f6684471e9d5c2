"""Notifications: in-app and by mail, in the user's language."""
