"""The venue's record: numbers each report on an order for the venue's life."""

from typing import Any

from sim.venue.live import Order
from sim.venue.orders import Execution, Kind


def number_of(exec_id: str) -> int:
    """The number in the id of an execution; 0 where it is the id of none."""
    digits = exec_id.removeprefix("E")
    return int(digits) if len(digits) < 19 and digits.isascii() and digits.isdigit() else 0


class Record:
    """``number`` is that of the last execution, ``orders`` of the last order; both come from the journal again."""

    def __init__(self) -> None:
        self.number = 0
        self.orders = 0
        self.executions: list[Execution] = []

    def order_id(self) -> str:
        self.orders += 1
        return f"V{self.orders:09d}"

    def report(self, order: Order, kind: Kind, time: int, **facts: Any) -> None:
        """Keep one report on an order as it now stands."""
        self.number += 1
        self.add(order, kind, time, number=self.number, exec_id=f"E{self.number:010d}", **facts)

    def answer(self, order: Order, time: int, **facts: Any) -> None:
        """Answer a question about an order; numbers nothing."""
        self.add(order, "status", time, number=0, exec_id="0", **facts)

    def add(self, order: Order, kind: Kind, time: int, **facts: Any) -> None:
        terms = {
            "kind": kind,
            "time": time,
            "status": order.status,
            "order_id": order.order_id,
            "sender": order.sender,
            "cl_ord_id": order.cl_ord_id,
            "account": order.account,
            "symbol": order.symbol,
            "side": order.side,
            "type": order.type,
            "tif": order.tif,
            "quantity": order.quantity,
            "limit_price": order.limit_price,
            "stop_price": order.stop_price,
            "leaves": order.leaves,
            "filled": order.filled,
            "value": order.value,
        }
        self.executions.append(Execution(**{**terms, **facts}))

    def taken(self) -> list[Execution]:
        """The reports since the last time."""
        executions, self.executions = self.executions, []
        return executions
