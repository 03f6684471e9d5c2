"""The words of a text, as they are kept to be found and as they are looked for."""

import unicodedata
from collections.abc import Iterator

from services.chat.domain.names import folded
from services.contracts.chat import symbols_of
from services.contracts.errors import DomainError

LONGEST = 64
"""Characters of a word that count."""
MOST = 16
"""Words that are looked for at once."""
ALONE = ("CJK UNIFIED", "CJK COMPATIBILITY", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
"""Writing without blanks between words: each sign is a word."""


def words(text: str) -> set[str]:
    """Each word once, folded; a tag is one too, with its dollar, so that ``$AAPL`` finds what is tagged."""
    tags = {f"${symbol.lower()}"[:LONGEST] for symbol in symbols_of(text)}
    return tags | set(_runs(folded(text)))


def wanted(text: str) -> list[str]:
    """What a query looks for, the longest, likely the rarest, word first; refused when it is nothing or a lot."""
    found = sorted(words(text), key=lambda word: (-len(word), word))
    if not found:
        raise DomainError("no_words", 422, "there is no word to look for", field="q")
    if len(found) > MOST:
        raise DomainError("too_many_words", 422, f"at most {MOST} words are looked for at once", field="q")
    return found


def _runs(text: str) -> Iterator[str]:
    """Letters and digits that stand together."""
    run = ""
    for sign in text:
        alone = sign > "\u0dff" and unicodedata.name(sign, "").startswith(ALONE)
        if sign.isalnum() and not alone:
            run += sign
            continue
        if run:
            yield run[:LONGEST]
        run = ""
        if alone and sign.isalnum():
            yield sign
    if run:
        yield run[:LONGEST]
