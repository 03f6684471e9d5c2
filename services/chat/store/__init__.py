"""SQL of the chat: topics, messages and what is thought of them, names."""

from services.chat.store.tables import STATE, metadata

__all__ = ["STATE", "metadata"]
