"""Matching by price and time in one symbol's book, and what users' orders do there."""

from dataclasses import dataclass

from services.contracts.instruments import Instrument
from services.contracts.market import BookSnapshot
from sim.venue.book import Half, Resting
from sim.venue.live import Order
from sim.venue.orders import Kind
from sim.venue.record import Record
from sim.venue.tape import Tape


@dataclass(slots=True)
class Sweep:
    """An aggressor on its way through the book; without an order it is an agent's."""

    buy: bool
    left: int
    edge: int | None
    """The worst price that it accepts."""
    order: Order | None = None
    depth: int = 0
    barred: bool = False
    """Met an order of its own account."""

    def accepts(self, price: int) -> bool:
        return self.edge is None or (price <= self.edge if self.buy else price >= self.edge)


class Matching:
    """A book, its tape, and the users' orders in it."""

    def __init__(self, instrument: Instrument, record: Record) -> None:
        self.instrument = instrument
        self.symbol = instrument.symbol
        self.record = record
        self.tape = Tape(instrument.symbol)
        self.bids = Half(buy=True)
        self.asks = Half(buy=False)
        self.resting: dict[str, Resting] = {}
        """Users' orders in the book by order_id."""
        self.stops: list[Order] = []
        """In the order they came."""
        self.called: list[Order] = []
        """What an auction has collected, in the order it came; afterwards what waits for the session's first price."""
        self.reference = 0
        self.line = 0
        """Where the feed is."""
        self.marks: list[tuple[int, str]] = []
        self.suspended = False
        """Whether it was halted by a command, to go on by another."""

    @property
    def tick(self) -> int:
        return self.instrument.tick

    @property
    def lot(self) -> int:
        return self.instrument.lot

    @property
    def time(self) -> int:
        return self.tape.time

    @time.setter
    def time(self, moment: int) -> None:
        self.tape.time = max(moment, self.tape.time)

    @property
    def trading(self) -> bool:
        return self.tape.status == "open"

    @property
    def trades(self) -> int:
        return self.tape.trade_id

    @property
    def last(self) -> int | None:
        return self.tape.last

    def own(self, *, buy: bool) -> Half:
        """The side on which an order of this direction rests."""
        return self.bids if buy else self.asks

    def other(self, *, buy: bool) -> Half:
        """The side that an order of this direction meets."""
        return self.asks if buy else self.bids

    def snapshot(self) -> BookSnapshot:
        """All visible levels, best first."""
        return BookSnapshot(
            symbol=self.symbol,
            seq=self.tape.seq,
            time=self.tape.time,
            bids=[(key, self.bids.sizes[key]) for key in reversed(self.bids.keys)],
            asks=[(-key, self.asks.sizes[-key]) for key in reversed(self.asks.keys)],
            last_trade_id=self.tape.trade_id,
            last=self.tape.last,
            status=self.tape.status,
        )

    # Users' orders

    def submit(self, order: Order) -> None:
        """An accepted order: a stop waits, unless it is reached already; all else trades."""
        if order.waits_for_stop and not self.reached(order):
            self.stops.append(order)
            return
        order.triggered = True
        self.enter(order)
        self.trigger()

    def enter(self, order: Order) -> None:
        """An order that may trade now: match it, then let it rest or end."""
        if order.tif == "fok" and self.within_reach(order) < order.leaves:
            self.end(order, "cancelled", "fok")
            return
        sweep = self.sweep(Sweep(order.buy, order.leaves, order.edge, order))
        if sweep.barred:
            self.end(order, "cancelled", "self_trade")
        elif sweep.left and order.type in {"market", "stop"}:
            self.end(order, "cancelled", "no_liquidity")
        elif sweep.left and order.tif in {"ioc", "fok"}:
            self.end(order, "cancelled", order.tif)
        elif sweep.left:
            self.rest(order)

    def within_reach(self, order: Order) -> int:
        half = self.other(buy=order.buy)
        worst = half.keys[0] * half.sign if half.keys else 0
        return half.reachable(worst if order.edge is None else order.edge, order.account)

    def rest(self, order: Order) -> None:
        resting = Resting(order.limit_price or 0, order.shown, order=order)
        order.queue = self.own(buy=order.buy).rest(resting)
        self.resting[order.order_id] = resting

    def withdraw(self, order: Order) -> None:
        """Take an order from book or stops."""
        resting = self.resting.pop(order.order_id, None)
        if resting is not None:
            self.own(buy=order.buy).withdraw(resting)
        for waiting in (self.stops, self.called):
            if order in waiting:
                waiting.remove(order)

    def end(self, order: Order, kind: Kind, reason: str, **facts: str) -> None:
        """An order ends without a fill; what is left of it leaves the book."""
        self.withdraw(order)
        order.status = "expired" if kind == "expired" else "cancelled"
        self.record.report(order, kind, self.time, reason=reason, line=self.line, **facts)

    def fill(self, order: Order, quantity: int, price: int, *, maker: bool, **facts: str | int) -> None:
        """Book and report a fill; a maker that is done leaves the list of resting orders, an iceberg shows its next."""
        cost, fee = order.fill(self.instrument, quantity, price, self.rate(maker=maker))
        self.record.report(
            order,
            "trade",
            self.time,
            last_quantity=quantity,
            last_price=price,
            cost=cost,
            fee=fee,
            liquidity="maker" if maker else "taker",
            line=self.line,
            **facts,
        )
        if maker and not order.open:
            del self.resting[order.order_id]
        elif maker and order.display is not None and not self.resting[order.order_id].leaves:
            self.rest(order)

    def rate(self, *, maker: bool) -> int:
        """The fee of a fill, parts per million."""
        return self.instrument.maker_fee_ppm if maker else self.instrument.taker_fee_ppm

    # Matching

    def sweep(self, sweep: Sweep) -> Sweep:
        """Walk the other side from its best price; trades print one by one."""
        half = self.other(buy=sweep.buy)
        account = sweep.order.account if sweep.order else ""
        at: int | None = None
        while sweep.left and not sweep.barred:
            price = half.best()
            if price is None or not sweep.accepts(price):
                break
            sweep.depth += at is not None and price != at
            at = price
            matches, sweep.barred = half.take(price, sweep.left, account)
            for resting, part in matches:
                self.trade(sweep, resting, part, price)
        return sweep

    def trade(self, sweep: Sweep, resting: Resting | None, quantity: int, price: int) -> None:
        """One match of an aggressor: print it and report it to the users in it."""
        sweep.left -= quantity
        trade_id = self.tape.trade(price, quantity, buy=sweep.buy)
        maker = resting.order if resting else None
        if maker is not None:
            taker_id = sweep.order.order_id if sweep.order else "agent"
            self.fill(maker, quantity, price, maker=True, trade_id=trade_id, queue=maker.queue, counterparty=taker_id)
        if sweep.order is not None:
            met = maker.order_id if maker else ("agent" if resting else "feed")
            self.fill(sweep.order, quantity, price, maker=False, trade_id=trade_id, level=sweep.depth, counterparty=met)

    def trigger(self) -> None:
        """Stops reached by the last price become orders, in the order they came; their trades may reach others.

        Called when whoever moved the price has come to rest, so that a stop never trades inside another's sweep.
        """
        while (order := next((stop for stop in self.stops if self.reached(stop)), None)) is not None:
            self.stops.remove(order)
            order.triggered = True
            self.enter(order)

    def reached(self, order: Order) -> bool:
        """Whether the last price is at or beyond an order's stop."""
        last, stop = self.tape.last, order.stop_price
        if last is None or stop is None:
            return False
        return last >= stop if order.buy else last <= stop
