"""Those who trade at market: noise without a view, momentum with the trend."""

from sim.feeds.floor import Floor
from sim.feeds.streams import Stream

SIZES = (1, 2, 2, 4, 4, 4, 8, 8, 16)
"""Of an order, in quarters of the median trade."""


class Noise:
    """Buys or sells about every three seconds."""

    RARELY = 12
    """Steps between two orders, on average."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream

    def act(self, floor: Floor, trade: int) -> None:
        if self.stream.once_in(self.RARELY):
            take(floor, self.stream, trade, buy=self.stream.below(2) == 1)


class Momentum:
    """Follows a fast average that has left a slow one, both in thousandths of the price unit."""

    RARELY = 60
    FAST, SLOW = 6, 9
    """Averages over about 2**n steps."""

    def __init__(self, stream: Stream, value: int) -> None:
        self.stream = stream
        self.fast = self.slow = value

    def act(self, floor: Floor, trade: int, value: int, threshold: int) -> None:
        self.fast += (value - self.fast) >> self.FAST
        self.slow += (value - self.slow) >> self.SLOW
        lead = self.fast - self.slow
        if abs(lead) > threshold and self.stream.once_in(self.RARELY):
            take(floor, self.stream, trade, buy=lead > 0)


def take(floor: Floor, stream: Stream, trade: int, *, buy: bool) -> None:
    """An order at market, of whole lots, within 1 % of the last price."""
    lot = floor.instrument.lot
    size = max(trade * stream.pick(SIZES) // 4 // lot * lot, lot)
    best = (floor.asks if buy else floor.bids).best()
    if best is not None:
        floor.lift(size, buy=buy, edge=best + (best // 100 if buy else -best // 100))
