from decimal import Decimal

from tests.unit.tradectl.tui.widgets.plain import texts
from tradectl.tui.widgets.tape import Print, Tape


def test_the_newest_trade_is_the_first() -> None:
    tape = Tape()
    tape.set_prints([Print("09:00:01", Decimal("10.5"), Decimal(3), "buy")], 2)
    tape.add(Print("09:00:02", Decimal("10.4"), Decimal("0.0500"), "sell"))
    assert [row.split() for row in texts(tape.rows(30, 5))] == [
        ["Time", "Price", "Size"],
        ["09:00:02", "10.40", "▼", "0.05"],
        ["09:00:01", "10.50", "▲", "3"],
    ]


def test_a_large_trade_stands_out() -> None:
    tape = Tape()
    tape.set_prints(
        [Print("09:00:00", Decimal(1), Decimal(100), "buy")] + [Print("09:00:00", Decimal(1), Decimal(1), "buy")] * 9, 2
    )
    rows = tape.rows(30, 11)
    assert [row[1][1] for row in rows[1:3]] == ["strong up", "up"]


def test_a_wide_tape_can_still_be_read_across() -> None:
    tape = Tape()
    tape.set_prints([Print("09:00:00", Decimal(1), Decimal(1), "buy")], 2)
    assert {len(row) for row in texts(tape.rows(120, 5))} == {40}
