"""Takes commands: checks them as a venue does, then lets the market act."""

from collections.abc import Callable, Mapping
from typing import Any

from sim.venue.calling import IMMEDIATE
from sim.venue.live import Order
from sim.venue.market import Market
from sim.venue.orders import Amend, Cancel, Execution, Kind, NewOrder, Replace, Status
from sim.venue.record import Record

OF_TRADE = ("liquidity", "trade_id", "counterparty", "level", "queue")
"""What a bust or a correction repeats of its trade."""
Lookup = Callable[[str, str], Order | None]
"""Finds an order that has ended and left memory, by sender and cl_ord_id."""


class Desk:
    """``names`` maps (sender, cl_ord_id) to the order, for each id that it ever had."""

    def __init__(self, markets: Mapping[str, Market], record: Record, archived: Lookup) -> None:
        self.markets = markets
        self.record = record
        self.archived = archived
        self.names: dict[tuple[str, str], Order] = {}
        self.amended: set[str] = set()
        """Executions that were taken back."""
        self.corrected: dict[str, Order] = {}
        """Orders that had left memory when a trade of theirs was, by order_id; the archive has them as they were."""
        self.now = 0
        """Market time of the commands under way."""

    def apply(self, command: NewOrder | Cancel | Replace | Status | Amend) -> None:
        match command:
            case NewOrder():
                self.new(command)
            case Cancel():
                self.cancel(command)
            case Replace():
                self.replace(command)
            case Status():
                self.status(command)
            case Amend():
                self.amend(command)

    def find(self, sender: str, cl_ord_id: str) -> Order | None:
        """An order by any of its ids."""
        order = self.names.get((sender, cl_ord_id)) or self.archived(sender, cl_ord_id)
        return self.corrected.get(order.order_id, order) if order is not None and self.corrected else order

    def open_orders(self, symbol: str = "", sender: str = "") -> list[Order]:
        """Orders that may still trade, in the order in which they came."""
        found = {
            order.order_id: order
            for order in self.names.values()
            if order.open and symbol in {"", order.symbol} and sender in {"", order.sender}
        }
        return sorted(found.values(), key=lambda order: order.order_id)

    # New orders

    def new(self, command: NewOrder) -> None:
        duplicate = self.find(command.sender, command.cl_ord_id) is not None
        order = self.order(command)
        refusal = "duplicate_order" if duplicate else self.refusal(order)
        if refusal:
            order.status = "rejected"
            self.record.report(order, "rejected", self.now, reason=refusal, text=refusal.replace("_", " "))
            if not duplicate:
                self.names[order.sender, order.cl_ord_id] = order
            return
        self.names[order.sender, order.cl_ord_id] = order
        market = self.markets[order.symbol]
        if order.edge is None:
            low, high = market.instrument.band(market.reference)
            order.worst_price = high if order.buy else low
        self.record.report(order, "new", self.now, line=market.line)
        market.submit(order)

    def order(self, command: NewOrder) -> Order:
        return Order(
            order_id=self.record.order_id(),
            sender=command.sender,
            cl_ord_id=command.cl_ord_id,
            account=command.account,
            symbol=command.symbol,
            side=command.side,
            type=command.type,
            tif=command.tif,
            quantity=command.quantity,
            limit_price=command.limit_price,
            stop_price=command.stop_price,
            worst_price=command.worst_price,
            display=command.display,
            created=self.now,
        )

    def refusal(self, order: Order) -> str:
        """Why the venue does not take these terms; empty when it does."""
        market = self.markets.get(order.symbol)
        if market is None:
            return "unknown_symbol"
        if not market.trading and (not market.calling or order.tif in IMMEDIATE):
            return market.tape.status
        return self.wrong_terms(market, order)

    def wrong_terms(self, market: Market, order: Order) -> str:
        """What is wrong with quantity and prices; empty when nothing is."""
        if order.quantity <= 0 or order.quantity % market.lot:
            return "off_lot"
        if order.display is not None and wrong_display(market, order):
            return "display_quantity"
        if (order.limit_price is None) == (order.type in {"limit", "stop_limit"}):
            return "limit_price"
        if (order.stop_price is None) == (order.type in {"stop", "stop_limit"}):
            return "stop_price"
        prices = [price for price in (order.limit_price, order.stop_price) if price is not None]
        if any(price <= 0 or price % market.tick for price in prices):
            return "off_tick"
        low, high = market.instrument.band(market.reference)
        return "" if all(low <= price <= high for price in prices) else "price_band"

    # Changes of orders

    def cancel(self, command: Cancel) -> None:
        order = self.find(command.sender, command.orig_cl_ord_id)
        if order is None or not order.open:
            self.refuse(command, order)
            return
        names = self.rename(order, command.cl_ord_id)
        self.markets[order.symbol].end(order, "cancelled", "requested", **names)

    def replace(self, command: Replace) -> None:
        order = self.find(command.sender, command.orig_cl_ord_id)
        if order is None or not order.open:
            self.refuse(command, order)
            return
        market = self.markets[order.symbol]
        changed = replaced(order, command)
        refusal = "closed" if not (market.trading or market.calling) else self.wrong_terms(market, changed)
        if not refusal and command.quantity <= order.filled:
            refusal = "already_filled"
        if refusal:
            self.refuse(command, order, refusal)
            return
        self.change(market, order, command)

    def change(self, market: Market, order: Order, command: Replace) -> None:
        """Put new terms in force; the place in the queue is kept when nothing but the quantity fell."""
        changed = replaced(order, command)
        resting, called = market.resting.get(order.order_id), order in market.called
        same = (changed.limit_price, changed.display) == (order.limit_price, order.display)
        keeps = (resting is not None or called) and same and changed.quantity <= order.quantity
        if not keeps:
            market.withdraw(order)
        names = self.rename(order, command.cl_ord_id)
        order.quantity, order.limit_price = changed.quantity, changed.limit_price
        order.stop_price, order.worst_price = changed.stop_price, changed.worst_price
        order.display = changed.display
        self.record.report(order, "replaced", self.now, line=market.line, **names)
        if resting is not None and keeps:
            market.own(buy=order.buy).reduce(resting, min(resting.leaves, order.leaves))
        elif not keeps and (called or order.waits_for_stop or order.type in {"limit", "stop_limit"}):
            market.submit(order)

    def amend(self, command: Amend) -> None:
        """Bust or correct a trade on all its sides, each once."""
        for trade in command.trades:
            order = self.find(trade.sender, trade.cl_ord_id)
            if order is None or trade.exec_id in self.amended:
                continue
            self.amended.add(trade.exec_id)
            if (order.sender, order.cl_ord_id) not in self.names:
                self.corrected[order.order_id] = order
            self.take_back(order, trade, command)

    def take_back(self, order: Order, trade: Execution, command: Amend) -> None:
        """One side; what an order in the book gets back stands there again, behind all others at its price."""
        market = self.markets[order.symbol]
        returns = order.order_id in market.resting and command.quantity < trade.last_quantity
        if returns:
            market.withdraw(order)
        taken = trade.last_quantity, trade.last_price, trade.fee
        rate = market.rate(maker=trade.liquidity == "maker")
        cost, fee = order.amend(market.instrument, taken, command.quantity, command.price, rate)
        facts = {name: getattr(trade, name) for name in OF_TRADE}
        facts |= {"last_quantity": command.quantity or taken[0], "last_price": command.price or taken[1]}
        facts |= {"cost": cost, "fee": fee, "exec_ref": trade.exec_id, "reason": command.reason, "line": market.line}
        self.record.report(order, "corrected" if command.quantity else "busted", self.now, **facts)
        if returns:
            market.rest(order)

    def rename(self, order: Order, cl_ord_id: str) -> dict[str, str]:
        """The request's id becomes the order's; both ids for the report."""
        names = {"cl_ord_id": cl_ord_id, "orig_cl_ord_id": order.cl_ord_id}
        order.cl_ord_id = cl_ord_id
        self.names[order.sender, cl_ord_id] = order
        return names

    def refuse(self, command: Cancel | Replace, order: Order | None, reason: str = "") -> None:
        """A request that changes nothing: unknown order, too late, or wrong terms."""
        kind: Kind = "cancel_rejected" if isinstance(command, Cancel) else "replace_rejected"
        reason = reason or ("unknown_order" if order is None else "too_late")
        facts: dict[str, Any] = {
            "cl_ord_id": command.cl_ord_id,
            "orig_cl_ord_id": command.orig_cl_ord_id,
            "reason": reason,
            "text": reason.replace("_", " "),
        }
        known = order or nobody(command.sender, command.orig_cl_ord_id, command.symbol)
        self.record.report(known, kind, self.now, **facts)

    def status(self, command: Status) -> None:
        order = self.find(command.sender, command.cl_ord_id)
        if order is None:
            unknown = nobody(command.sender, command.cl_ord_id, "")
            self.record.answer(unknown, self.now, reason="unknown_order", text="unknown order")
        else:
            self.record.answer(order, self.now)


def wrong_display(market: Market, order: Order) -> bool:
    """Only what rests has something to hide: some lots, and not more than there are."""
    rests = order.type in {"limit", "stop_limit"} and order.tif in {"day", "gtc"}
    shown = order.display or 0
    return not rests or not 0 < shown <= order.quantity or shown % market.lot > 0


def replaced(order: Order, command: Replace) -> Order:
    """The order as it would stand after the command; a price that was not given stays."""
    return Order(
        order_id=order.order_id,
        sender=order.sender,
        cl_ord_id=order.cl_ord_id,
        account=order.account,
        symbol=order.symbol,
        side=order.side,
        type=order.type,
        tif=order.tif,
        quantity=command.quantity,
        limit_price=order.limit_price if command.limit_price is None else command.limit_price,
        stop_price=order.stop_price if command.stop_price is None else command.stop_price,
        worst_price=order.worst_price if command.worst_price is None else command.worst_price,
        display=order.display if command.display is None else command.display,
        created=order.created,
    )


def nobody(sender: str, cl_ord_id: str, symbol: str) -> Order:
    """What a report on an order that the venue does not know is made of."""
    return Order(
        order_id="",
        sender=sender,
        cl_ord_id=cl_ord_id,
        account="",
        symbol=symbol,
        side="buy",
        type="limit",
        tif="day",
        quantity=0,
        limit_price=None,
        stop_price=None,
        worst_price=None,
        created=0,
        status="rejected",
    )
