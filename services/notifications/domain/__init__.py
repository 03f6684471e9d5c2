"""What is said, to whom, in which words."""

from services.notifications.domain.messages import Message, order_message, plain_message, reason_of
from services.notifications.domain.templates import KINDS

__all__ = ["KINDS", "Message", "order_message", "plain_message", "reason_of"]
