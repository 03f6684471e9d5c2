"""A market maker: a ladder of limit orders around what it takes for the fair price."""

from dataclasses import dataclass
from typing import Any

from sim.feeds.floor import Floor, Standing
from sim.feeds.streams import Stream

DEEPER = (2, 2, 3, 3, 4, 4, 5, 6, 8, 10, 12, 16)
"""Size of each order in halves of the drawn size."""

Orders = dict[int, Standing]


@dataclass
class Gone:
    """An order that was filled up, not yet noticed by its maker before the restart."""

    price: int
    size: int
    leaves: int = 0


class Maker:
    """Its orders keep their place in the queue as long as their price is wanted."""

    def __init__(self, number: int, stream: Stream) -> None:
        self.number = number
        self.stream = stream
        self.bids: Orders = {}
        self.asks: Orders = {}
        self.thin = False
        """Whether an order of the last quotes was filled up."""

    def sold(self) -> int:
        """What others bought from it since the last time, less what they sold to it; notes whether an order is gone."""
        return self._filled(self.asks) - self._filled(self.bids)

    def _filled(self, orders: Orders) -> int:
        total = 0
        for order in orders.values():
            if order.leaves != order.size:
                total += order.size - order.leaves
                order.size = order.leaves
                self.thin = self.thin or not order.leaves
        return total

    def leave(self, floor: Floor, *, buy: bool, wanted: set[int]) -> None:
        """Take back orders at prices that are not wanted any more, and forget those that were filled."""
        orders, self.thin = self.bids if buy else self.asks, False
        for price, order in list(orders.items()):
            if not order.leaves:
                del orders[price]
            elif price not in wanted:
                floor.drop(order, buy=buy)
                del orders[price]

    def stand(self, floor: Floor, *, buy: bool, wanted: list[int], trade: int) -> None:
        """Put an order at each wanted price where it has none."""
        orders, lot = self.bids if buy else self.asks, floor.instrument.lot
        for price, deeper in zip(wanted, DEEPER, strict=True):
            if price not in orders and price > 0:
                size = trade * (1 + self.stream.below(6)) * deeper // 6 // lot * lot
                order = floor.quote(self.number, price, max(size, lot), buy=buy)
                if order is not None:
                    orders[price] = order

    def save(self) -> list[Any]:
        """The stream, and what was filled up; what still stands is in the book."""
        gone = [[(o.price, o.size) for o in side.values() if not o.leaves] for side in (self.bids, self.asks)]
        return [self.stream.state, *gone]

    def load(self, state: list[Any]) -> None:
        self.stream.state = state[0]
        for side, gone in zip((self.bids, self.asks), state[1:], strict=True):
            side.update({price: Gone(price, size) for price, size in gone})

    def forget(self) -> None:
        """The market took all orders away."""
        self.bids, self.asks = {}, {}


def ladder(best: int, step: int) -> list[int]:
    """The best price, then multiples of the step, which is negative for bids: most of them stay when the best moves."""
    return [best, *((best // step + each) * step for each in range(1, len(DEEPER)))]
