"""Rows go to the driver as they are: columns stand in the order of what they hold."""

from services.contracts.orders import Fill
from services.portfolio.domain.ledger import Movement
from services.portfolio.store.bookings import KEPT
from services.portfolio.store.tables import ledger, trades


def test_a_trade_is_a_number_a_fill_and_its_profit() -> None:
    assert tuple(trades.columns.keys()) == ("id", *Fill.__struct_fields__[:KEPT], "realised")
    assert Fill.__struct_fields__[KEPT:] == ("traded",)


def test_a_line_of_the_ledger_is_a_number_and_a_movement() -> None:
    assert tuple(ledger.columns.keys()) == ("id", *Movement.__struct_fields__)
