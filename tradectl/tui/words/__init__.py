"""Every text that a trader reads, by key and language: a module a screen, so that each is found in one place."""

from tradectl.looks.languages import LANGUAGES, Texts, language, text, use
from tradectl.tui.words import ideas, market, portfolio, shell, system, talk, tour, trade

__all__ = ["LANGUAGES", "WORDS", "language", "said", "t", "use"]

WORDS: Texts = {
    key: pair
    for module in (shell, market, trade, portfolio, ideas, talk, system, tour)
    for key, pair in module.WORDS.items()
}


def t(key: str, **values: object) -> str:
    """The text of a key with its values; KeyError for a key or a value that is missing."""
    return text(WORDS, key, values)


def said(key: str, otherwise: str) -> str:
    """The text of a key that the platform made up, a code for example, or else what it said itself."""
    return t(key) if key in WORDS else otherwise
