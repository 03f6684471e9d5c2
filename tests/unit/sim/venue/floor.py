"""A market, and words to say what happens there."""

from typing import Any

import msgspec

from sim.venue.desk import Desk
from sim.venue.market import Market
from sim.venue.orders import Cancel, Execution, NewOrder, Replace, Status
from sim.venue.record import Record
from tests.instruments import AAPL

SHARE = msgspec.structs.replace(AAPL, band_bps=2000, maker_fee_ppm=100, taker_fee_ppm=300)
REFERENCE = 10_000


class Pit:
    """One market around 100.00 with a desk before it; ``said`` are the reports since the last look."""

    def __init__(self, *, lot: int = 1) -> None:
        self.record = Record()
        self.market = Market(msgspec.structs.replace(SHARE, lot=lot), self.record)
        self.market.tape.status = "open"
        self.market.reference = REFERENCE
        self.desk = Desk({"AAPL": self.market}, self.record, lambda _sender, _name: None)
        self.count = 0

    def feed(self, *, bids: dict[int, int] | None = None, asks: dict[int, int] | None = None) -> None:
        for price, size in (bids or {}).items():
            self.market.bids.show(price, size)
        for price, size in (asks or {}).items():
            self.market.asks.show(price, size)
        self.market.uncross()

    def order(self, side: str, quantity: int, price: int | None = None, **terms: Any) -> str:
        """Send an order; its cl_ord_id."""
        self.count += 1
        name: str = terms.pop("name", f"c{self.count}")
        facts = {"type": "limit" if price else "market", "tif": "day", "account": "alice", "sender": "ORDERS", **terms}
        self.desk.apply(
            msgspec.convert(
                {
                    "command": "new",
                    "cl_ord_id": name,
                    "symbol": "AAPL",
                    "side": side,
                    "quantity": quantity,
                    "limit_price": price,
                    **facts,
                },
                NewOrder,
            )
        )
        return name

    def buy(self, quantity: int, price: int | None = None, **terms: Any) -> str:
        return self.order("buy", quantity, price, **terms)

    def sell(self, quantity: int, price: int | None = None, **terms: Any) -> str:
        return self.order("sell", quantity, price, **terms)

    def cancel(self, name: str, request: str = "x1") -> None:
        self.desk.apply(Cancel(sender="ORDERS", cl_ord_id=request, orig_cl_ord_id=name))

    def replace(self, name: str, request: str = "r1", **terms: Any) -> str:
        self.desk.apply(Replace(sender="ORDERS", cl_ord_id=request, orig_cl_ord_id=name, **terms))
        return request

    def status(self, name: str) -> Execution:
        self.desk.apply(Status(sender="ORDERS", cl_ord_id=name))
        return self.record.taken()[-1]

    def reports(self) -> list[Execution]:
        return self.record.taken()

    def said(self) -> list[tuple[str, str]]:
        """Kind and reason, or quantity at price, of each report."""
        return [
            (each.kind, f"{each.last_quantity}@{each.last_price}" if each.kind == "trade" else each.reason)
            for each in self.reports()
        ]

    def fills(self) -> list[tuple[str, int, int, str]]:
        """Of each fill: the order's cl_ord_id, quantity, price, liquidity."""
        return [
            (each.cl_ord_id, each.last_quantity, each.last_price, each.liquidity)
            for each in self.reports()
            if each.kind == "trade"
        ]

    def tape(self) -> list[tuple[int, int]]:
        """Quantity and price of each trade since the last look."""
        return [(trade.quantity, trade.price) for trade in self.market.tape.taken()[1]]
