"""Every text of the dash, by key and language; what a part says of itself is shown as it says it."""

from tradectl.dash.words import faults, panes, shell
from tradectl.looks.languages import Texts, text

WORDS: Texts = {key: pair for module in (shell, panes, faults) for key, pair in module.WORDS.items()}


def t(key: str, **values: object) -> str:
    """The text of a key with its values; KeyError for a key or a value that is missing."""
    return text(WORDS, key, values)


def said(key: str, otherwise: str = "") -> str:
    """The text of a key that was put together, or else what it was made of."""
    return t(key) if key in WORDS else otherwise
