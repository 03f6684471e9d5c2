"""Every text that a trader reads, by key and language: a module a screen, so that each is found in one place."""

from tradectl.tui.words import ideas, market, portfolio, shell, system, talk, tour, trade

LANGUAGES = ("en", "ru")
WORDS: dict[str, tuple[str, str]] = {
    key: pair
    for module in (shell, market, trade, portfolio, ideas, talk, system, tour)
    for key, pair in module.WORDS.items()
}
"""English and Russian, as ``str.format`` takes them."""
_chosen = {"language": LANGUAGES[0]}


def use(language: str) -> None:
    """Speak this language from now on; English for one that is not known."""
    _chosen["language"] = language if language in LANGUAGES else LANGUAGES[0]


def language() -> str:
    """The language that is spoken."""
    return _chosen["language"]


def t(key: str, **values: object) -> str:
    """The text of a key with its values; KeyError for a key or a value that is missing."""
    return WORDS[key][LANGUAGES.index(language())].format(**values)


def said(key: str, otherwise: str) -> str:
    """The text of a key that the platform made up, a code for example, or else what it said itself."""
    return t(key) if key in WORDS else otherwise
