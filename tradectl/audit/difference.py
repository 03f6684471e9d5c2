"""A difference between what a row says and what it should say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MISSING = "no row"


@dataclass(frozen=True)
class Difference:
    """``where`` is `service.table.column`, ``key`` the row, ``about`` the order, deposit or account concerned."""

    where: str
    key: str
    expected: str
    found: str
    about: tuple[str, ...] = ()


def compared(
    where: str, key: object, expected: object, found: object, about: Sequence[object] = ()
) -> Iterator[Difference]:
    """One value with what it should be."""
    if expected != found:
        yield Difference(where, name(key), str(expected), str(found), tuple(map(str, about)))


def disagreeing(
    places: tuple[str, str], key: object, values: tuple[object, object], about: Sequence[object] = ()
) -> Iterator[Difference]:
    """The same value in two places, of which nobody can say which is wrong: both are named."""
    yield from compared(places[0], key, values[1], values[0], about)
    yield from compared(places[1], key, values[0], values[1], about)


def copied(
    where: str,
    originals: Mapping[tuple[Any, ...], Mapping[str, Any]],
    copies: Mapping[tuple[Any, ...], Mapping[str, Any]],
    columns: Mapping[str, str],
) -> Iterator[Difference]:
    """Rows of two places that must be the same: ``columns`` maps the original's to the copy's."""
    for key in originals.keys() | copies.keys():
        original, copy = originals.get(key), copies.get(key)
        row = original or copy or {}
        about = [value for column, value in row.items() if column in ABOUT]
        if original is None or copy is None:
            expected, found = ("a row", MISSING) if copy is None else (MISSING, "a row")
            yield Difference(where, name(key), expected, found, tuple(map(str, (*key, *about))))
            continue
        for column, other in columns.items():
            yield from compared(f"{where}.{other}", key, original.get(column), copy.get(other), (*key, *about))


ABOUT = {"order_id", "account_id", "deposit_id", "withdrawal_id", "symbol"}


def name(key: object) -> str:
    """A row's key as text."""
    return " ".join(map(str, key)) if isinstance(key, tuple) else str(key)


def same(*columns: str) -> dict[str, str]:
    """Columns that are called the same on both sides."""
    return {column: column for column in columns}
