"""Orders and reports to test with."""

from typing import Any

from services.contracts.instruments import Instrument
from services.orders.domain import changes, checks
from services.orders.domain.order import Listing, Order, Ticket
from services.orders.domain.reports import Report

NOW = 1_723_101_000_000_000
LIMITS = checks.Limits(notional=1_000_000, open_orders=100)
UNLIMITED = checks.Limits(notional=10**12, open_orders=100)


def share(**fields: Any) -> Instrument:
    """AAPL: cents, whole shares, a band of ten per cent, fees of 0.05 and 0.1 per cent."""
    terms: dict[str, Any] = {
        "symbol": "AAPL",
        "name": "Apple",
        "kind": "share",
        "currency": "USD",
        "price_scale": 2,
        "quantity_scale": 0,
        "tick": 1,
        "lot": 1,
        "band_bps": 1_000,
        "maker_fee_ppm": 500,
        "taker_fee_ppm": 1_000,
    }
    return Instrument(**(terms | fields))


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


def report(kind: Any, **fields: Any) -> Report:
    terms: dict[str, Any] = {"kind": kind, "report_id": f"e-{kind}", "order_id": "o1", "version": 1, "time": NOW + 1}
    return Report(**(terms | fields))


def fill(quantity: int, price: int = 20_000, fee: int = 0, **fields: Any) -> Report:
    return report("fill", quantity=quantity, price=price, fee=fee, **fields)
