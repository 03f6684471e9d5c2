"""One symbol's market: users' orders meet the feed's levels and the agents' orders, who come in by these doors."""

from collections.abc import Iterator

from sim.venue.book import Half, Resting
from sim.venue.calling import Calling
from sim.venue.live import Order
from sim.venue.matching import Sweep


class Market(Calling):
    """What a feed sees of it is sim.feeds.floor.Floor."""

    # The feed's doors

    def printed(self, price: int, quantity: int, *, buy: bool) -> None:
        """A trade of the recorded market: fills users it went through at their own price, then those at its price."""
        half = self.other(buy=buy)
        if half.levels:
            for resting in half.beyond(price):
                self.go_through(half, resting)
            trade_id = self.tape.trade(price, quantity, buy=buy)
            for resting, part in half.print_at(price, quantity):
                if resting.order is not None:
                    self.fill_by_feed(resting.order, part, price, trade_id)
        else:
            self.tape.trade(price, quantity, buy=buy)
        self.trigger()

    def go_through(self, half: Half, resting: Resting) -> None:
        """All of a user's order trades, what is hidden of it too."""
        order, standing = resting.order, resting
        while order is not None and order.open:
            self.meet(half, standing, standing.leaves)
            standing = self.resting.get(order.order_id, standing)

    def meet(self, half: Half, resting: Resting, quantity: int) -> None:
        """The recorded market reached a user's order: it trades at its own price."""
        if resting.order is None:
            return
        trade_id = self.tape.trade(resting.price, quantity, buy=half is self.asks)
        half.give(resting, quantity)
        self.fill_by_feed(resting.order, quantity, resting.price, trade_id)

    def fill_by_feed(self, order: Order, quantity: int, price: int, trade_id: int) -> None:
        self.fill(order, quantity, price, maker=True, trade_id=trade_id, queue=order.queue, counterparty="feed")

    def uncross(self) -> None:
        """After the feed moved: users' orders that its levels now reach trade; stale levels of its own go."""
        printed = self.tape.trade_id
        bids, asks = self.bids, self.asks
        while bids.keys and asks.keys and bids.keys[-1] >= -asks.keys[-1]:
            if not (self.reach(bids, asks) or self.reach(asks, bids)):
                bids.show(bids.keys[-1], 0)
        if self.tape.trade_id != printed:
            self.trigger()

    def reach(self, half: Half, feed: Half) -> bool:
        """Trade the first user of a side's best level against the feed's best level on the other."""
        price = half.keys[-1] * half.sign
        level = half.levels.get(price)
        resting = next((r for r in level.queue if r.order is not None), None) if level else None
        if resting is None:
            return False
        against = feed.keys[-1] * feed.sign
        quantity = min(resting.leaves, feed.sizes[against])
        feed.take(against, quantity)
        self.meet(half, resting, quantity)
        return True

    # The agents' doors

    def quote(self, agent: int, price: int, quantity: int, *, buy: bool) -> Resting | None:
        """An agent's limit order: trades what it meets, the rest stands; None when nothing is left."""
        own, other = (self.bids, self.asks) if buy else (self.asks, self.bids)
        left = quantity
        if other.keys and other.keys[-1] >= price * other.sign:
            left = self.sweep(Sweep(buy, quantity, price)).left
        resting = Resting(price, left, agent=agent) if left else None
        if resting:
            own.rest(resting)
        if left < quantity:
            self.trigger()
        return resting

    def lift(self, quantity: int, *, buy: bool, edge: int | None = None) -> int:
        """An agent's market order; what it got."""
        left = self.sweep(Sweep(buy, quantity, edge)).left
        if left < quantity:
            self.trigger()
        return quantity - left

    def drop(self, resting: Resting, *, buy: bool) -> None:
        """An agent takes back an order that still stands."""
        self.own(buy=buy).withdraw(resting)

    def standings(self) -> Iterator[tuple[int, bool, Resting]]:
        """Agents' orders, by price and then time."""
        for half in (self.bids, self.asks):
            for price in sorted(half.levels):
                for resting in half.levels[price].queue:
                    if resting.order is None:
                        yield resting.agent, half is self.bids, resting

    def withdraw_feed(self) -> None:
        """The feed ends, or the market closes: only users' orders stay."""
        self.bids.withdraw_feed()
        self.asks.withdraw_feed()

    def halt(self) -> None:
        """The feed has ended and nothing follows it."""
        self.tape.turn("halted")

    def mark(self, what: str) -> None:
        """Note where market time or price does not simply go on."""
        self.marks.append((self.time, what))
