"""A line as plain data: texts, each in an ink, by the names that the style sheet knows it by."""

from collections.abc import Iterable

Span = tuple[str, str]
"""A text and its ink: names with spaces between, later ones over earlier ones; empty for the widget's own."""
Row = tuple[Span, ...]

INKS = (
    "up",
    "down",
    "dim",
    "grid",
    "head",
    "strong",
    "first",
    "second",
    "third",
    "warn",
    "bid-bar",
    "ask-bar",
    "flash-up",
    "flash-down",
    "mark",
    "faint",
    "tag",
    "cursor",
)


def left(text: str, width: int) -> str:
    """The text in exactly so many cells, what does not fit cut off behind an ellipsis."""
    if len(text) <= width:
        return text.ljust(width)
    return text[: width - 1] + "…" if width > 1 else text[:width]


def right(text: str, width: int) -> str:
    """As ``left``, pushed to the right; a number is cut at its end, where it matters least."""
    return text.rjust(width)[:width] if width > 0 else ""


def merged(spans: Iterable[Span]) -> Row:
    """The same line with neighbours of one ink as one span, and none that is empty."""
    found: list[Span] = []
    for text, ink in spans:
        if not text:
            continue
        if found and found[-1][1] == ink:
            found[-1] = (found[-1][0] + text, ink)
        else:
            found.append((text, ink))
    return tuple(found)


def plain(row: Row) -> str:
    """Its text alone."""
    return "".join(text for text, _ in row)


def fitted(row: Row, width: int) -> Row:
    """The line in exactly so many cells."""
    found: list[Span] = []
    room = width
    for text, ink in row:
        if room <= 0:
            break
        found.append((text[:room], ink))
        room -= len(text)
    if room > 0:
        found.append((" " * room, ""))
    return tuple(found)
