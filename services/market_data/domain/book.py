"""One symbol's book as the provider's snapshot and deltas make it."""

from collections.abc import Callable, Sequence

from services.contracts.market import BookSnapshot, Level


class Book:
    """Levels by price; the best of each side is kept while levels change, so that a quote costs no search."""

    def __init__(self) -> None:
        self.bids: dict[int, int] = {}
        self.asks: dict[int, int] = {}
        self.bid: int | None = None
        self.ask: int | None = None

    def reset(self, snapshot: BookSnapshot) -> None:
        """Take a whole book."""
        self.bids = dict(snapshot.bids)
        self.asks = dict(snapshot.asks)
        self.bid = max(self.bids, default=None)
        self.ask = min(self.asks, default=None)

    def change(self, bids: Sequence[Level], asks: Sequence[Level]) -> None:
        """Take changed levels; a quantity of zero removes one."""
        put(self.bids, bids)
        put(self.asks, asks)
        self.bid = best(max, self.bids, self.bid, bids)
        self.ask = best(min, self.asks, self.ask, asks)

    def top(self, depth: int) -> tuple[list[Level], list[Level]]:
        """The best bids and asks, best first."""
        return sorted(self.bids.items(), reverse=True)[:depth], sorted(self.asks.items())[:depth]


def put(levels: dict[int, int], changes: Sequence[Level]) -> None:
    """Set levels, the last word on each counts; a quantity of zero removes one."""
    levels.update(changes)
    for price, _ in changes:
        if not levels.get(price, 1):
            del levels[price]


def best(
    choose: Callable[..., int | None], levels: dict[int, int], before: int | None, changes: Sequence[Level]
) -> int | None:
    """The best price after changes: all levels are looked at only when the best one before is gone."""
    if before not in levels:
        return choose(levels, default=None)
    return choose([before, *(price for price, _ in changes if price in levels)])
