"""Forum and chat: topics and messages."""
