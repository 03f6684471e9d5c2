"""Lists by an opaque cursor: the key of the last row seen, so that a page is one range of an index."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypedDict, TypeVar

import msgspec
from fastapi import Query

from services.contracts.errors import DomainError

T = TypeVar("T")
Key = tuple[int | str, ...]

Limit = Annotated[int, Query(ge=1, le=200, description="rows on a page")]
Cursor = Annotated[str | None, Query(max_length=500, description="`next` of the page before")]

Number = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
"""As databases know numbers."""
DECODER = msgspec.json.Decoder(list[Number | str])


class BadCursor(DomainError):
    """The cursor is none that the list gave: there is no such page (404, as for any address that names nothing)."""

    def __init__(self) -> None:
        super().__init__("bad_cursor", 404, "the cursor is none that this list gave", field="cursor")


class Page(TypedDict):
    """One page of a list; ``next`` is the cursor of the following one, null on the last."""

    items: list[Any]
    next: str | None


def encode(key: Key) -> str:
    """The key of a row as a client may hold it."""
    return urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def key_of(cursor: str | None, *kinds: type[int] | type[str]) -> Key | None:
    """The key in a cursor, None for the first page; refused when it is not of these kinds: ``key_of(c, int, str)``."""
    if cursor is None:
        return None
    key = decode(cursor)
    if tuple(type(part) for part in key) != kinds:
        raise BadCursor
    return key


def decode(cursor: str) -> Key:
    """Any key in a cursor."""
    try:
        return tuple(DECODER.decode(urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))))
    except (ValueError, msgspec.MsgspecError) as error:
        raise BadCursor from error


def page(rows: Sequence[T], limit: int, key: Callable[[T], Key], item: Callable[[T], Any]) -> Page:
    """A page from rows of which one more than the limit was read, to know whether there is more."""
    shown = rows[:limit]
    return Page(
        items=[item(row) for row in shown], next=encode(key(shown[-1])) if shown and len(rows) > limit else None
    )
