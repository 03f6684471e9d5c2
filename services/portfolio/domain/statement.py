"""A statement: what there was, what was added and taken, what there is."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from services.portfolio.domain.history import Change


class Entry(NamedTuple):
    """A change, and what there is of its asset after it."""

    change: Change
    balance: int


def entries(opening: Mapping[str, int], changes: Iterable[Change]) -> Iterator[Entry]:
    """Each change in its order with the balance that it leaves."""
    held = dict(opening)
    for change in changes:
        held[change.asset] = held.get(change.asset, 0) + change.amount
        yield Entry(change, held[change.asset])


def closing(opening: Mapping[str, int], changes: Iterable[Change]) -> dict[str, int]:
    """What there is after all changes."""
    held = dict(opening)
    for change in changes:
        held[change.asset] = held.get(change.asset, 0) + change.amount
    return held
