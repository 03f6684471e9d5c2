"""Auctions of one symbol: users' orders are collected beside the book, then all that meets trades at one price.

What stands in the book takes part: users' orders of earlier days, and at the end of a session what feed or agents
showed last.
"""

from collections import Counter

from sim.venue.auction import Cross, cross
from sim.venue.book import Half, Resting
from sim.venue.live import Order
from sim.venue.matching import Matching

CALLS = frozenset({"pre_open", "pre_close"})
IMMEDIATE = frozenset({"ioc", "fok"})
"""Times in force that a call cannot keep."""


class Front:
    """What is next on one side, by price and then time: of the book, or of the orders that were collected."""

    def __init__(self, half: Half, called: list[Order], price: int) -> None:
        self._half = half
        self._worst = price * half.sign
        self._called = sorted(called, key=lambda order: -edge(order) * half.sign)

    @property
    def quantity(self) -> int:
        """How much of it there is: of one order, or of a level's part that is the feed's."""
        called, best = self._collected(), self._best()
        if best is None:
            return called.leaves if called else 0
        level = self._half.levels.get(best)
        first = level.queue[0] if level and level.queue else None
        return self._half.sizes[best] if first is None else first.ahead or first.leaves

    def take(self, quantity: int) -> tuple[Order | None, Resting | None]:
        """So much of it, and whose it is: an order's that was collected, one's in the book, or nobody's."""
        best = self._best()
        if best is None:
            return self._collected(), None
        ((resting, _),) = self._half.take(best, quantity)[0]
        return resting.order if resting else None, resting

    def _collected(self) -> Order | None:
        return next((order for order in self._called if order.leaves), None)

    def _best(self) -> int | None:
        """The price in the book that comes first; None where an order that was collected does."""
        price, called = self._half.best(), self._collected()
        if price is None or price * self._half.sign < self._worst:
            return None
        return price if called is None or price * self._half.sign >= edge(called) * self._half.sign else None


class Calling(Matching):
    """A market with auctions."""

    @property
    def calling(self) -> bool:
        """Whether an auction collects orders."""
        return self.tape.status in CALLS

    def submit(self, order: Order) -> None:
        """In an auction an order waits for its end; one that could meet its own account's is not taken."""
        if not self.calling:
            super().submit(order)
        elif order.waits_for_stop:
            self.stops.append(order)
        elif self.meets_own(order):
            self.end(order, "cancelled", "self_trade")
        else:
            order.triggered = True
            self.called.append(order)

    def meets_own(self, order: Order) -> bool:
        """Whether another order of its account could be its counterparty."""
        sign = 1 if order.buy else -1
        standing = (each.order for each in self.resting.values() if each.order is not None)
        others = (each for each in (*self.called, *standing) if each.account == order.account and each.buy != order.buy)
        return any(edge(order) * sign >= edge(each) * sign for each in others)

    def crossing(self) -> Cross | None:
        """What the auction would come to now."""
        return cross(self._sizes(self.bids), self._sizes(self.asks), self.last or self.reference)

    def indicate(self) -> None:
        """Tell what the auction would come to now."""
        if self.calling:
            found = self.crossing()
            self.tape.indicate(*((found.price, found.quantity) if found else (None, 0)))

    def _sizes(self, half: Half) -> Counter[int]:
        sizes = Counter(half.sizes)
        for price, level in half.levels.items():
            sizes[price] += sum(resting.hidden for resting in level.queue)
        for order in self.called:
            if self.own(buy=order.buy) is half:
                sizes[edge(order)] += order.leaves
        return sizes

    def end_call(self, *, last: bool) -> None:
        """All that meets trades at one price; limit orders stand in the book then.

        Orders at market that found nobody wait for the first price of the session that begins, and so do stops that
        the auction's price has reached; after the ``last`` auction of a session orders at market end.
        """
        found = self.crossing()
        if found is not None:
            self._trade_at(found)
        waiting = [order for order in self.called if order.open]
        self.called = [] if last else [order for order in waiting if order.type in {"market", "stop"}]
        for order in waiting:
            if order.type in {"limit", "stop_limit"}:
                self.rest(order)
            elif last:
                self.end(order, "cancelled", "no_liquidity")
        for order in [stop for stop in self.stops if not last and self.reached(stop)]:
            self.stops.remove(order)
            order.triggered = True
            self.called.append(order)

    def _trade_at(self, found: Cross) -> None:
        """By price and then time on both sides; who was in the book before is the maker."""
        bids, asks = (self._front(half, found.price) for half in (self.bids, self.asks))
        left = found.quantity
        while left:
            quantity = min(bids.quantity, asks.quantity, left)
            trade_id = self.tape.trade(found.price, quantity, buy=found.surplus >= 0)
            sides = bids.take(quantity), asks.take(quantity)
            for (order, resting), other in zip(sides, reversed(sides), strict=True):
                if order is not None:
                    facts = {"trade_id": trade_id, "queue": order.queue if resting else 0}
                    self.fill(
                        order, quantity, found.price, maker=resting is not None, counterparty=name(other), **facts
                    )
            left -= quantity

    def _front(self, half: Half, price: int) -> Front:
        called = [order for order in self.called if self.own(buy=order.buy) is half]
        return Front(half, called, price)

    def carry_on(self) -> None:
        """What waited for the first price of a session meets it."""
        for order in list(self.called):
            if self.other(buy=order.buy).keys:
                self.called.remove(order)
                self.enter(order)
        self.trigger()


def edge(order: Order) -> int:
    """The worst price that it accepts; the venue gives one to each that has none."""
    return order.edge or 0


def name(side: tuple[Order | None, Resting | None]) -> str:
    """Who it is, for the other side's report."""
    order, resting = side
    return order.order_id if order else "agent" if resting else "feed"
