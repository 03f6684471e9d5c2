"""Rows of the blotter: which orders come first, and what is said of each."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.tradectl.desk.drafts import placed
from tradectl.desk.account import Fill
from tradectl.desk.records import Explained, Happened, Life
from tradectl.tui import words
from tradectl.tui.screens.trade import blotter
from tradectl.tui.widgets.table import Entry

BEGAN = datetime(2024, 8, 8, 7, 10, tzinfo=UTC)
FILL: dict[str, Any] = {
    "id": "f1",
    "order_id": "o1",
    "symbol": "AAPL",
    "side": "buy",
    "price": Decimal("200.51"),
    "quantity": Decimal(10),
    "cost": Decimal("2005.10"),
    "fee": Decimal("2.01"),
    "currency": "USD",
    "liquidity": "taker",
    "time": BEGAN + timedelta(seconds=2),
}


@pytest.fixture(autouse=True)
def english() -> None:
    words.use("en")


def texts(entry: Entry) -> list[str]:
    return [text for text, _ in entry.cells]


def life(*events: tuple[int, str], fills: list[Fill]) -> Life:
    """``events`` by the second that they came in."""
    order = placed()
    history = [Happened(event, "new", Decimal(0), None, BEGAN + timedelta(seconds=at)) for at, event in events]
    shown = {name: getattr(order, name) for name in order.__struct_fields__}
    return Life(**shown, reserved=Decimal(0), history=history, fills=fills)


def explained(**fields: Any) -> Explained:
    given = {"level": 0, "queue_ahead": None, "counterparty": "feed", "why": "as the broker says"}
    return Explained(**(FILL | given | fields))


def test_open_orders_come_first_and_then_the_newest() -> None:
    old, new = placed(id="old"), placed(id="new", created_at=BEGAN + timedelta(hours=1))
    done = placed(id="done", status="filled", created_at=BEGAN + timedelta(hours=2))
    assert [each.id for each in blotter.selected([done, old, new], "all")] == ["new", "old", "done"]
    assert [each.id for each in blotter.selected([done, old, new], "done")] == ["done"]


def test_an_order_says_how_much_is_filled_and_at_which_price_it_stands() -> None:
    row = texts(blotter.entry(placed(status="partially_filled", filled_quantity=Decimal(40))))
    assert "40/100" in row
    assert "200.00" in row
    assert "partly filled" in row


def test_an_order_without_a_price_is_at_the_market_and_one_that_ended_says_why() -> None:
    row = texts(blotter.entry(placed(type="market", limit_price=None, status="cancelled", reason="no_liquidity")))
    assert "market" in row
    assert "cancelled: nobody sold or bought" in row


def test_a_reason_without_words_is_told_as_it_is() -> None:
    assert blotter.status(placed(status="rejected", reason="odd_thing")) == "rejected: odd thing"


def test_fills_stand_among_what_happened_by_their_time() -> None:
    found = blotter.details(life((0, "placed"), (1, "accepted"), (2, "fill"), (3, "expired"), fills=[Fill(**FILL)]), {})
    assert [texts(each)[1] for each in found] == ["placed", "accepted", "fill", "expired"]
    assert texts(found[2])[2:5] == ["10", "200.51", "2.01"]


def test_a_fill_that_is_taken_back_is_no_fill() -> None:
    back = Fill(**(FILL | {"id": "f2", "quantity": Decimal(-10), "reverses": "f1"}))
    assert texts(blotter.details(life(fills=[back]), {})[0])[1] == "taken back"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "met the best price of the book"),
        ({"level": 2}, "2 better price(s) used up by it"),
        ({"liquidity": "maker", "queue_ahead": Decimal(300)}, "rested at its limit, behind 300"),
        ({"quantity": Decimal(-10), "reverses": "f1"}, "as the broker says"),
    ],
)
def test_why_a_fill_has_its_price_is_said_in_words(fields: dict[str, Any], why: str) -> None:
    assert blotter.reason(explained(**fields)) == why
