"""Names in a text: ``@AnnSmith``, however the user writes her own."""

import re
import unicodedata

NAMED = 20
"""Users that one message names at most; further ones are no mentions."""
LONGEST = 80
AT = re.compile(r"""(?<![\w@.])@([^\s@,;:!?()\[\]{}<>"'«»]{1,80})""")
"""Nothing that follows a letter: an address of mail names nobody."""


def folded(text: str) -> str:
    """Without what writers may differ in: case, accents, width of letters."""
    bare = (each for each in unicodedata.normalize("NFKD", text) if unicodedata.category(each) != "Mn")
    return unicodedata.normalize("NFKC", "".join(bare)).casefold()


def handle_of(name: str) -> str:
    """What a name is after an @: its letters and digits, folded; nothing of a name that has none."""
    return "".join(each for each in folded(name) if each.isalnum())[:LONGEST]


def named(text: str) -> list[str]:
    """The handles in a text, each once, in their order."""
    handles = dict.fromkeys(handle_of(found) for found in AT.findall(text))
    handles.pop("", None)
    return list(handles)[:NAMED]
