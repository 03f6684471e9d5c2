"""What may be said, and changed: titles and texts as they are kept."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from services.contracts.clock import SECOND
from services.contracts.errors import DomainError

REASON = 500
"""Characters of a moderator's, or a reporter's, reason."""


def clean(text: str, field: str, most: int, *, lines: bool = True) -> str:
    """The text in normal form C without blanks around it; refused when empty, too long, or with control characters.

    ``lines`` admits line breaks and tabs.
    """
    admitted = "\n\t" if lines else ""
    kept = unicodedata.normalize("NFC", text).strip()
    if not kept:
        raise DomainError("empty_text", 422, f"{field} is empty", field=field)
    if len(kept) > most:
        raise DomainError("text_too_long", 422, f"{field} has more than {most} characters", field=field)
    if any(unicodedata.category(character) in ("Cc", "Cs") and character not in admitted for character in kept):
        raise DomainError("control_character", 422, f"{field} has a control character", field=field)
    return kept


def check_edit(message: Mapping[str, Any], user_id: str, now: int, within: int) -> None:
    """Refuse whoever is not the author, and the author so many seconds after posting; ``now`` is wall time."""
    if message["author_id"] != user_id:
        raise DomainError("not_author", 403, "this is somebody else's message")
    if now - message["posted"] > within * SECOND:
        raise DomainError("too_late", 409, f"a message can be edited for {within / 60:g} minutes")
