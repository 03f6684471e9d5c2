"""What may be said, and who is named in it."""

from services.chat.domain.names import NAMED, handle_of, named
from services.chat.domain.texts import REASON, check_edit, clean

__all__ = ["NAMED", "REASON", "check_edit", "clean", "handle_of", "named"]
