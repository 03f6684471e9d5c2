"""What may be said, who is named in it, and by which words it is found."""

from services.chat.domain.names import NAMED, handle_of, named
from services.chat.domain.texts import REASON, check_edit, clean
from services.chat.domain.words import words as words_of

__all__ = ["NAMED", "REASON", "check_edit", "clean", "handle_of", "named", "words_of"]
