"""What the chat does: opens topics, takes messages and what becomes of them, learns names."""

from services.chat.handlers.members import CONSUMES
from services.chat.handlers.topics import open_topic

__all__ = ["CONSUMES", "open_topic"]
