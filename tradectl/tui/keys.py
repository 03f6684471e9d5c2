"""Which keys do something where the focus is."""

from collections.abc import Iterator, Mapping

from textual.binding import ActiveBinding
from textual.keys import key_to_character
from textual.widget import Widget

from tradectl.tui.words import WORDS


def distinct(bindings: Mapping[str, ActiveBinding]) -> Iterator[tuple[str, ActiveBinding]]:
    """Ours that are enabled, as words describe them, each action once by its first key."""
    seen = set()
    for key, active in bindings.items():
        if active.enabled and active.binding.description in WORDS and active.binding.action not in seen:
            seen.add(active.binding.action)
            yield key, active


def is_text(focused: Widget | None, key: str, display: str | None) -> bool:
    """Whether what has the focus takes this key for text; Textual does not know the characters of all names of keys."""
    character = display if display and len(display) == 1 else key_to_character(key)
    return focused is not None and focused.check_consume_key(key, character)
