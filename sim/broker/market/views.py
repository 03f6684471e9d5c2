"""What a subscriber sees of a book, and what of it has changed since he was told."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from services.contracts.market import BookSnapshot
from sim.broker.market.requests import Entry, Request

View = Mapping[tuple[Entry, int], tuple[int, int]]
"""Quantity and position (from one) of each level, by side and price."""


class Change(NamedTuple):
    """One entry of an incremental refresh; ``action`` is MDUpdateAction: 0 new, 1 change, 2 delete."""

    action: str
    entry: Entry
    price: int
    quantity: int
    position: int


NEW, CHANGED, DELETED = "0", "1", "2"


def view_of(book: BookSnapshot, wanted: Request) -> View:
    """The levels that are wanted, the best first."""
    sides = ((Entry.BID, book.bids), (Entry.OFFER, book.asks))
    return {
        (entry, price): (quantity, place)
        for entry, levels in sides
        if entry in wanted.entries
        for place, (price, quantity) in enumerate(levels[: wanted.depth or None], 1)
    }


def changes(before: View, after: View) -> Iterator[Change]:
    """What turns the one into the other: what goes first, then what comes or is another size; places tell nothing."""
    for (entry, price), (quantity, place) in before.items():
        if (entry, price) not in after:
            yield Change(DELETED, entry, price, quantity, place)
    for (entry, price), (quantity, place) in after.items():
        known = before.get((entry, price))
        if known is None:
            yield Change(NEW, entry, price, quantity, place)
        elif known[0] != quantity:
            yield Change(CHANGED, entry, price, quantity, place)
