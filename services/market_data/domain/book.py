"""One symbol's book as the provider's snapshot and deltas make it."""

from collections.abc import Iterable

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

    def change(self, bids: Iterable[Level], asks: Iterable[Level]) -> None:
        """Take changed levels; a quantity of zero removes one."""
        levels, best = self.bids, self.bid
        for price, quantity in bids:
            if quantity:
                levels[price] = quantity
                if best is None or price > best:
                    best = price
            elif levels.pop(price, None) and price == best:
                best = max(levels, default=None)
        self.bid = best
        levels, best = self.asks, self.ask
        for price, quantity in asks:
            if quantity:
                levels[price] = quantity
                if best is None or price < best:
                    best = price
            elif levels.pop(price, None) and price == best:
                best = min(levels, default=None)
        self.ask = best

    def top(self, depth: int) -> tuple[list[Level], list[Level]]:
        """The best bids and asks, best first."""
        return sorted(self.bids.items(), reverse=True)[:depth], sorted(self.asks.items())[:depth]
