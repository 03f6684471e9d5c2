"""A book around a price that something else decides: a dozen levels a side, sizes drawn from a seed."""

from typing import Any

from sim.feeds.floor import Floor, Side

DEPTH = 12
SPREADS = (1, 1, 2, 2, 3)


class Ladder:
    """``unit`` is a usual trade; what it shows is the feed's liquidity for one symbol."""

    def __init__(self, tick: int, unit: int) -> None:
        self.tick = tick
        self.unit = unit
        self.bids: dict[int, int] = {}
        self.asks: dict[int, int] = {}

    @property
    def empty(self) -> bool:
        return not self.bids

    def clear(self) -> None:
        """The market took it all away."""
        self.bids, self.asks = {}, {}

    def place(self, floor: Floor, price: int, *, buy: bool, draw: int) -> None:
        """Stand so that a trade at the price is a buyer's or a seller's; ``draw`` decides spread and sizes."""
        gap = SPREADS[draw % len(SPREADS)] * self.tick
        bid, ask = (price - gap, price) if buy else (price, price + gap)
        self.bids = self.move(floor.bids, self.bids, bid, -self.tick, draw)
        self.asks = self.move(floor.asks, self.asks, ask, self.tick, draw)
        floor.uncross()

    def move(self, half: Side, old: dict[int, int], best: int, step: int, draw: int) -> dict[int, int]:
        """Levels that stay keep their size; those that left the ladder go, new ones come."""
        new: dict[int, int] = {}
        for depth in range(DEPTH):
            price = best + depth * step
            if price > 0:
                new[price] = old.get(price) or self.size(price, depth, draw)
        for price in old:
            if price not in new:
                half.show(price, 0)
        for price, size in new.items():
            if price not in old:
                half.show(price, size)
        return new

    def size(self, price: int, depth: int, draw: int) -> int:
        """One to eight usual trades, more behind the best."""
        noise = (price * 2_654_435_761 ^ draw) >> 5 & 7
        return self.unit * (1 + noise) * (4 + depth) // 4

    def stir(self, floor: Floor, depth: int, *, buy: bool, draw: int) -> None:
        """One level changes its size, as others come and go there."""
        half, sizes = (floor.bids, self.bids) if buy else (floor.asks, self.asks)
        price = list(sizes)[depth % len(sizes)]
        sizes[price] = self.size(price, depth, draw)
        half.show(price, sizes[price])

    def save(self) -> dict[str, Any]:
        return {"bids": list(self.bids.items()), "asks": list(self.asks.items())}

    def load(self, state: dict[str, Any]) -> None:
        self.bids = dict(state["bids"])
        self.asks = dict(state["asks"])
