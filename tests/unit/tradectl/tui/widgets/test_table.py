"""A table: which columns have room, and where the cursor stays."""

import pytest
from textual.app import App, ComposeResult

from tradectl.tui.widgets.rows import plain
from tradectl.tui.widgets.table import Column, Entry, Table, fitting

COLUMNS = (Column("Time", 8, rank=2), Column("Symbol", 6), Column("Price", 7, rank=1, to_right=True, wide=True))


def entries(*keys: str) -> list[Entry]:
    return [Entry(key, (("07:10:00", "dim"), (key, "strong"), ("1.00", ""))) for key in keys]


class Shown(App[None]):
    """One table, and what it told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, str]] = []

    def compose(self) -> ComposeResult:
        yield Table(COLUMNS, empty="nothing")

    def on_table_chosen(self, told: Table.Chosen) -> None:
        self.told.append(("chosen", told.key))

    def on_table_picked(self, told: Table.Picked) -> None:
        self.told.append(("picked", told.key))

    @property
    def table(self) -> Table:
        return self.query_one(Table)


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (30, [(0, 8), (1, 6), (2, 14)]),
        (23, [(0, 8), (1, 6), (2, 7)]),
        (20, [(1, 6), (2, 13)]),
        (8, [(1, 6)]),
        (3, [(1, 6)]),
    ],
)
def test_columns_without_room_go_the_highest_rank_first(width: int, shown: list[tuple[int, int]]) -> None:
    assert fitting(COLUMNS, width) == shown


def test_texts_stand_left_and_numbers_right() -> None:
    table = Table(COLUMNS)
    table.show(entries("AAPL"))
    assert [plain(row) for row in table.rows(23, 5)] == ["Time     Symbol   Price", "07:10:00 AAPL      1.00"]


def test_without_rows_it_says_so() -> None:
    assert plain(Table(COLUMNS, empty="nothing").rows(23, 5)[1]) == "nothing"


def test_the_cursor_stays_on_its_row_when_others_come_before_it() -> None:
    table = Table(COLUMNS)
    table.show(entries("AAPL", "IBM"))
    assert table.chosen == "AAPL"
    table.show(entries("BTC", "ETH", "AAPL", "IBM"))
    assert table.chosen == "AAPL"


def test_the_cursor_keeps_its_place_when_its_row_is_gone() -> None:
    table = Table(COLUMNS)
    table.show(entries("AAPL", "IBM", "BTC"))
    table.choose("IBM")
    table.show(entries("AAPL", "BTC"))
    assert table.chosen == "BTC"
    table.show([])
    assert table.chosen is None


def test_the_cursor_is_always_in_sight() -> None:
    table = Table(COLUMNS)
    table.show(entries(*(f"S{n}" for n in range(50))))
    table.choose("S40")
    assert any("S40" in plain(row) for row in table.rows(23, 10))


async def test_keys_move_the_cursor_and_enter_picks() -> None:
    app = Shown()
    async with app.run_test() as pilot:
        app.table.show(entries("AAPL", "IBM"))
        app.table.focus()
        await pilot.press("down", "down", "enter")
        assert app.told == [("chosen", "IBM"), ("picked", "IBM")]


async def test_a_click_moves_the_cursor_and_another_picks() -> None:
    app = Shown()
    async with app.run_test() as pilot:
        app.table.show(entries("AAPL", "IBM"))
        app.table.repaint()
        await pilot.click(Table, offset=(3, 2))
        await pilot.click(Table, offset=(3, 2))
        await pilot.click(Table, offset=(3, 9))
        assert app.told == [("chosen", "IBM"), ("picked", "IBM")]
