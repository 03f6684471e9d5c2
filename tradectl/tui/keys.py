"""Which keys do something where the focus is."""

from collections.abc import Iterator, Mapping

from textual.binding import ActiveBinding

from tradectl.tui.words import WORDS


def distinct(bindings: Mapping[str, ActiveBinding]) -> Iterator[tuple[str, ActiveBinding]]:
    """Ours that are enabled, as words describe them, each action once by its first key."""
    seen = set()
    for key, active in bindings.items():
        if active.enabled and active.binding.description in WORDS and active.binding.action not in seen:
            seen.add(active.binding.action)
            yield key, active
