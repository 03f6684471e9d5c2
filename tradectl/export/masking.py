"""What no report may hold: it is taken out by its value, by its name and by its shape, whichever shows it first."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

MASK = "***"
SHORTEST = 6
"""Characters: a shorter value would be found everywhere."""
NAMES = ("password", "passwd", "token", "authorization", "secret", "cookie", "totp", "private_key", "api_key", "digest")
"""A field whose name holds one of these words is masked."""
EXACTLY = frozenset({"code", "key", "jwt", "pin"})
"""So is one called so."""
SHAPES = (
    (re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"), MASK),  # a signed token
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}"), rf"\1 {MASK}"),
    (re.compile(r"-----BEGIN [A-Z ]+-----.*?(?:-----END [A-Z ]+-----|$)", re.DOTALL), MASK),
    (re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s/:@\"']*):[^\s/@\"']+@"), rf"\1:{MASK}@"),  # a URL's password
    (re.compile(r"(?i)(code is|код:?|code:)(\s+)[^\s\"\\.]+"), rf"\1\2{MASK}"),  # as mails say it
    (re.compile(r"(/push/)[\w-]{16,}"), rf"\1{MASK}"),  # where who knows it may push
    (re.compile(r"\|(554|925|96)=[^|]*"), rf"|\1={MASK}"),  # FIX: Password, NewPassword, RawData
)


class Masker:
    """Knows the values that are secret here."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {secret for secret in secrets if len(secret) >= SHORTEST}
        spelled = {form for secret in known for form in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1])}
        longest_first = sorted(spelled, key=len, reverse=True)
        self._values = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def text(self, text: str) -> str:
        """Without what is secret by its value or its shape."""
        if self._values is not None:
            text = self._values.sub(MASK, text)
        for shape, instead in SHAPES:
            text = shape.sub(instead, text)
        return text

    def document(self, value: Any) -> Any:
        """A JSON document without what is secret, by its name too; a string that holds JSON is looked into."""
        if isinstance(value, Mapping):
            return {key: MASK if hidden(str(key), item) else self.document(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.document(item) for item in value]
        if isinstance(value, str):
            return self._string(value)
        return value

    def line(self, text: str) -> str:
        """A line of a log: JSON by its names, anything else as it is."""
        try:
            return json.dumps(self.document(json.loads(text)), ensure_ascii=False)
        except ValueError:
            return self.text(text)

    def _string(self, value: str) -> str:
        if value[:1] in ("{", "["):
            try:
                return json.dumps(self.document(json.loads(value)), ensure_ascii=False)
            except ValueError:
                pass
        return self.text(value)


def hidden(name: str, value: object) -> bool:
    """Whether a field's name says that its value is secret; a number or a flag is none."""
    lower = name.lower()
    secret = lower in EXACTLY or any(word in lower for word in NAMES)
    return secret and value is not None and not isinstance(value, bool | int | float)


def strings(document: Any) -> Iterator[str]:
    """Every string of a document of secrets."""
    if isinstance(document, Mapping):
        for item in document.values():
            yield from strings(item)
    elif isinstance(document, list | tuple):
        for item in document:
            yield from strings(item)
    elif isinstance(document, str):
        yield document


def passwords_of_urls(document: Any) -> Iterator[str]:
    """Only the passwords in URLs: addresses and names are no secret."""
    for text in strings(document):
        if "://" in text:
            try:
                password = urlsplit(text).password
            except ValueError:
                continue
            if password:
                yield password
                yield unquote(password)
