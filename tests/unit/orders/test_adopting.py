"""services.orders.domain.adopting and services.orders.gateway.adopting"""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.orders.domain import reservation
from services.orders.domain.adopting import Placement, adopted
from services.orders.domain.order import Listing
from services.orders.gateway.adopting import placement_of
from services.orders.gateway.executions import Execution
from tests.unit.orders import making
from tests.unit.orders.making import NOW, share

LISTING = Listing(instrument=share(), reference=20_000)


def placement(**fields: Any) -> Placement:
    terms: dict[str, Any] = {
        "order_id": "o1",
        "account": "a1",
        "symbol": "AAPL",
        "side": "buy",
        "type": "limit",
        "tif": "day",
        "quantity": 7,
        "limit_price": 19_900,
        "time": NOW,
    }
    return Placement(**(terms | fields))


def line(number: int, kind: str, **fields: Any) -> Execution:
    terms = {"account": "a1", "symbol": "AAPL", "side": "buy", "type": "market", "tif": "ioc", "quantity": 7}
    return making.line(number, kind, **(terms | fields))


def test_an_order_is_as_the_venue_took_it_and_reserves_what_it_needs() -> None:
    order = adopted(placement(), LISTING, wall=5)
    state = order.state

    assert (state.order_id, state.account_id, state.quantity, state.limit_price) == ("o1", "a1", 7, 19_900)
    assert (state.status, state.created, order.placed) == ("pending_new", NOW, 5)
    assert state.client_order_id == "adopted-o1"
    assert state.reserved == reservation.to_hold(order) > 0


@given(st.integers(1, 100_000))
def test_a_market_buy_holds_at_least_what_its_fills_have_cost(dearest: int) -> None:
    order = adopted(placement(type="market", tif="ioc", limit_price=None, dearest=dearest), LISTING, wall=5)

    assert order.worst_price >= dearest
    assert order.state.reserved >= dearest * 7 // 10**order.state.price_scale


def test_a_record_that_begins_with_the_order_gives_its_terms_and_its_dearest_fill() -> None:
    record = [line(1, "new"), line(2, "trade", last_price=20_010), line(3, "trade", last_price=20_030)]
    found = placement_of("o1", record)

    assert found == placement(type="market", tif="ioc", limit_price=None, dearest=20_030)


def test_one_that_begins_in_the_middle_gives_none() -> None:
    assert placement_of("o1", [line(2, "trade", last_price=20_010)]) is None
