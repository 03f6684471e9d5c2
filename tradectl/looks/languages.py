"""Which language is spoken, and texts in all of them."""

from collections.abc import Mapping

LANGUAGES = ("en", "ru")
Texts = Mapping[str, tuple[str, str]]
"""English and Russian by key, as ``str.format`` takes them."""
_chosen = {"language": LANGUAGES[0]}


def use(language: str) -> None:
    """Speak this language from now on; English for one that is not known."""
    _chosen["language"] = language if language in LANGUAGES else LANGUAGES[0]


def language() -> str:
    """The language that is spoken."""
    return _chosen["language"]


def following() -> str:
    """The language after the one that is spoken, in a circle."""
    return LANGUAGES[(LANGUAGES.index(language()) + 1) % len(LANGUAGES)]


def text(of: Texts, key: str, values: Mapping[str, object]) -> str:
    """The text of a key with its values; KeyError for a key or a value that is missing."""
    return of[key][LANGUAGES.index(language())].format(**values)
