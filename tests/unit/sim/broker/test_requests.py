"""FIX order messages become commands of the venue, or refusals with a code."""

from typing import Any

import pytest

from services.fix.messages import NewOrderSingle, OrderCancelReplaceRequest, OrderCancelRequest
from sim.broker import requests
from sim.broker.refusals import RefusedError
from sim.venue.orders import Cancel, NewOrder
from tests.unit.sim.broker.examples import INSTRUMENTS, TIME

MOST = 1_000


def order(**fields: Any) -> NewOrderSingle:
    terms: dict[str, Any] = {
        "cl_ord_id": "o1",
        "account": "anna",
        "symbol": "AAPL",
        "side": "1",
        "order_qty": "10",
        "ord_type": "2",
        "price": "195.50",
        "transact_time": TIME,
    }
    return NewOrderSingle(**(terms | fields))


def command(**fields: Any) -> NewOrder:
    return requests.new_order(order(**fields), "ORDERS", INSTRUMENTS, MOST)


def test_a_limit_order_has_its_limit() -> None:
    made = command(time_in_force="3")
    assert (made.type, made.tif, made.side, made.quantity, made.limit_price) == ("limit", "ioc", "buy", 10, 19_550)
    assert (made.sender, made.cl_ord_id, made.account, made.worst_price) == ("ORDERS", "o1", "anna", None)


@pytest.mark.parametrize(("ord_type", "stop"), [("1", None), ("3", "190")])
def test_the_price_of_an_order_without_limit_is_its_worst(ord_type: str, stop: str | None) -> None:
    made = command(ord_type=ord_type, stop_px=stop)
    assert (made.limit_price, made.worst_price) == (None, 19_550)


def test_a_stop_limit_order_has_both_prices() -> None:
    made = command(ord_type="4", stop_px="196")
    assert (made.type, made.stop_price, made.limit_price) == ("stop_limit", 19_600, 19_550)


def test_an_unknown_symbol_is_left_to_the_venue() -> None:
    assert command(symbol="NOPE", order_qty="x").symbol == "NOPE"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"price": "195.505"}, "off_tick"),
        ({"order_qty": "1.5"}, "off_lot"),
        ({"order_qty": "1001"}, "order_limit"),
        ({"side": "5"}, "unsupported"),
        ({"ord_type": "P"}, "unsupported"),
        ({"time_in_force": "6"}, "unsupported"),
    ],
)
def test_what_the_broker_cannot_pass_on_is_refused(fields: dict[str, str], code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        command(**fields)
    assert refused.value.code == code


def test_a_cancel_names_both_ids() -> None:
    request = OrderCancelRequest(
        cl_ord_id="o1.2", orig_cl_ord_id="o1", account="anna", symbol="AAPL", side="1", transact_time=TIME
    )
    assert requests.cancel(request, "ORDERS") == Cancel(
        sender="ORDERS", cl_ord_id="o1.2", orig_cl_ord_id="o1", symbol="AAPL"
    )


def replacement(**fields: Any) -> OrderCancelReplaceRequest:
    terms: dict[str, Any] = {
        "cl_ord_id": "o1.2",
        "orig_cl_ord_id": "o1",
        "account": "anna",
        "symbol": "AAPL",
        "side": "1",
        "order_qty": "20",
        "ord_type": "2",
        "price": "196",
        "transact_time": TIME,
    }
    return OrderCancelReplaceRequest(**(terms | fields))


def test_a_replace_has_the_new_terms() -> None:
    made = requests.replace(replacement(), "ORDERS", INSTRUMENTS, MOST)
    assert (made.quantity, made.limit_price, made.orig_cl_ord_id) == (20, 19_600, "o1")


def test_a_replace_on_an_unknown_symbol_is_refused() -> None:
    with pytest.raises(RefusedError, match="unknown symbol"):
        requests.replace(replacement(symbol="NOPE"), "ORDERS", INSTRUMENTS, MOST)


def test_max_floor_is_what_is_displayed() -> None:
    assert command(max_floor="3").display == 3
    assert command().display is None
    assert requests.replace(replacement(max_floor="5"), "ORDERS", INSTRUMENTS, MOST).display == 5
