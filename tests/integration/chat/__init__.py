"""The chat on a real file."""
