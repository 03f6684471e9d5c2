"""What may be said: titles and texts as they are kept."""

import unicodedata

from services.contracts.errors import DomainError


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
