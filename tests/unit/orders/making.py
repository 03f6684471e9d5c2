"""Orders and reports to test with."""

from typing import Any

from msgspec.structs import replace

from services.contracts.instruments import Instrument
from services.orders.domain import changes, checks
from services.orders.domain.order import Listing, Order, Ticket
from services.orders.domain.reports import Report
from services.orders.gateway.executions import Execution
from tests.instruments import AAPL

NOW = 1_723_101_000_000_000
LIMITS = checks.Limits(notional=1_000_000, open_orders=100)
UNLIMITED = checks.Limits(notional=10**12, open_orders=100)


def share(**fields: Any) -> Instrument:
    """AAPL: cents, whole shares, a band of ten per cent, fees of 0.05 and 0.1 per cent."""
    return replace(AAPL, **fields)


def listing(reference: int | None = 20_000, **fields: Any) -> Listing:
    return Listing(instrument=share(**fields), reference=reference)


def ticket(**fields: Any) -> Ticket:
    terms: dict[str, Any] = {
        "account_id": "ann",
        "client_order_id": "first",
        "symbol": "AAPL",
        "side": "buy",
        "type": "limit",
        "tif": "day",
        "quantity": "100",
        "limit_price": "200.00",
    }
    return Ticket(**(terms | fields))


def order(at: Listing | None = None, **fields: Any) -> Order:
    """An order just placed, pending_new."""
    at = at or listing()
    return changes.place(ticket(**fields), at, UNLIMITED, "o1", NOW, NOW)


def line(number: int, kind: str, **fields: Any) -> Execution:
    """Of the broker's record, about order o1 as it was placed."""
    said: dict[str, Any] = {"exec_id": str(number), "sender": "ORDERS", "cl_ord_id": "o1-1", "filled": 0, "time": NOW}
    return Execution(number=number, kind=kind, **(said | fields))


def report(kind: Any, **fields: Any) -> Report:
    terms: dict[str, Any] = {"kind": kind, "report_id": f"e-{kind}", "order_id": "o1", "version": 1, "time": NOW + 1}
    return Report(**(terms | fields))


def fill(quantity: int, price: int = 20_000, fee: int = 0, **fields: Any) -> Report:
    return report("fill", quantity=quantity, price=price, fee=fee, **fields)
