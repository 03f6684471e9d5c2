from decimal import Decimal

import pytest
from textual import on

from tests.unit.tradectl.tui.widgets.plain import Alone, texts
from tradectl.tui.widgets.ladder import Ladder

BIDS = {Decimal("99.99"): Decimal(10), Decimal("99.98"): Decimal(5)}
ASKS = {Decimal("100.00"): Decimal(20), Decimal("100.01"): Decimal("2.5")}


class Floor(Alone):
    """Notes what was picked."""

    def __init__(self, ladder: Ladder) -> None:
        super().__init__(ladder)
        self.picked: list[tuple[str, Decimal]] = []

    @on(Ladder.Picked)
    def note(self, picked: Ladder.Picked) -> None:
        """Keep it."""
        self.picked.append((picked.side, picked.price))


@pytest.fixture
def ladder() -> Ladder:
    ladder = Ladder()
    ladder.set_instrument(Decimal("0.01"))
    ladder.set_book(dict(BIDS), dict(ASKS), Decimal("99.99"))
    return ladder


def test_prices_fall_from_row_to_row_with_bids_left_and_asks_right(ladder: Ladder) -> None:
    assert [row.split() for row in texts(ladder.rows(30, 7))] == [
        ["Bid", "Price", "Ask"],
        ["100.03"],
        ["100.02"],
        ["100.01", "2.5"],
        ["100.00", "20"],
        ["10", "▸99.99"],
        ["5", "99.98"],
    ]


def test_the_largest_quantity_fills_its_side(ladder: Ladder) -> None:
    row = ladder.rows(30, 7)[4]
    assert [len(text) for text, ink in row if ink == "down ask-bar"] == [10]


def test_the_last_price_is_marked(ladder: Ladder) -> None:
    assert [ink for text, ink in ladder.rows(30, 7)[5] if "99.99" in text] == ["mark"]


def test_own_orders_stand_at_the_edge(ladder: Ladder) -> None:
    ladder.set_own({Decimal("99.98"): Decimal(3)}, {})
    row = ladder.rows(30, 7)[6]
    assert row[0] == ("▸3", "warn strong")


def test_it_stands_still_until_the_market_leaves_its_middle(ladder: Ladder) -> None:
    before = texts(ladder.rows(30, 20))[1]
    ladder.set_book({Decimal("100.01"): Decimal(1)}, {Decimal("100.02"): Decimal(1)})
    assert texts(ladder.rows(30, 20))[1] == before
    ladder.set_book({Decimal("101.01"): Decimal(1)}, {Decimal("101.02"): Decimal(1)})
    assert texts(ladder.rows(30, 20))[10].strip().startswith("101.")


def test_without_a_book_there_are_headings_alone() -> None:
    ladder = Ladder()
    assert len(ladder.rows(30, 7)) == 1
    assert ladder.cursor is None


async def test_the_cursor_begins_at_the_best_bid_and_keeps_its_price(ladder: Ladder) -> None:
    async with Floor(ladder).run_test(size=(30, 20)) as pilot:
        ladder.focus()
        ladder.paint()
        assert ladder.cursor == Decimal("99.99")
        await pilot.press("down", "down")
        ladder.set_book({Decimal("100.05"): Decimal(1)}, {Decimal("100.06"): Decimal(1)})
        ladder.paint()
        assert ladder.cursor == Decimal("99.97")
        await pilot.press("home")
        assert ladder.cursor == Decimal("100.05")


async def test_it_follows_a_cursor_that_leaves_it(ladder: Ladder) -> None:
    async with Floor(ladder).run_test(size=(30, 7)) as pilot:
        ladder.focus()
        ladder.paint()
        await pilot.press("pageup")
        assert ladder.cursor == Decimal("100.09")
        assert "100.09" in texts(ladder.rows(30, 7))[1]


async def test_plus_sums_more_ticks_in_a_row(ladder: Ladder) -> None:
    async with Floor(ladder).run_test(size=(30, 7)) as pilot:
        ladder.focus()
        ladder.paint()
        await pilot.press("plus", "plus")
        assert ["15", "▸99.95"] in [row.split() for row in texts(ladder.rows(30, 7))]


async def test_a_second_click_on_a_price_picks_it(ladder: Ladder) -> None:
    floor = Floor(ladder)
    async with floor.run_test(size=(30, 7)) as pilot:
        ladder.paint()
        await pilot.click(Ladder, offset=(3, 6))
        assert (ladder.cursor, floor.picked) == (Decimal("99.98"), [])
        await pilot.click(Ladder, offset=(3, 6))
        await pilot.click(Ladder, offset=(25, 3))
        await pilot.click(Ladder, offset=(25, 3))
        assert floor.picked == [("buy", Decimal("99.98")), ("sell", Decimal("100.01"))]


async def test_another_size_keeps_the_cursor_in_sight(ladder: Ladder) -> None:
    async with Floor(ladder).run_test(size=(30, 40)) as pilot:
        ladder.focus()
        ladder.paint()
        await pilot.press("down")
        await pilot.resize_terminal(30, 7)
        await pilot.pause()
        assert any("▸99.98" in row for row in texts(ladder.rows(30, 7)))
