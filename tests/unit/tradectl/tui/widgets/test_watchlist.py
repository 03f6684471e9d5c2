from dataclasses import replace
from decimal import Decimal

import pytest
from textual import on

from tests.unit.tradectl.tui.widgets.plain import Alone, ink, texts
from tradectl.tui.widgets import watchlist as module
from tradectl.tui.widgets.watchlist import Watchlist
from tradectl.tui.widgets.watchlist_rows import Watched, columns

IBM = Watched("IBM", Decimal("189.10"), Decimal("-0.5"), Decimal("189.09"), Decimal("189.11"), Decimal(12_345))
AAPL = Watched(
    "AAPL",
    Decimal("212.34"),
    Decimal("1.25"),
    Decimal("212.33"),
    Decimal("212.35"),
    Decimal(1_000_000),
    spark=[1.0, 2.0],
)


class Desk(Alone):
    """Notes what was chosen."""

    def __init__(self, watchlist: Watchlist) -> None:
        super().__init__(watchlist)
        self.chosen: list[str] = []

    @on(Watchlist.Chosen)
    def note(self, chosen: Watchlist.Chosen) -> None:
        """Keep it."""
        self.chosen.append(chosen.symbol)


@pytest.fixture
def watchlist() -> Watchlist:
    watchlist = Watchlist()
    watchlist.set_symbols([IBM, AAPL])
    return watchlist


def test_each_symbol_has_a_row_with_direction_by_sign_and_colour(watchlist: Watchlist) -> None:
    rows = watchlist.rows(70, 6)
    assert texts(rows)[1].split() == ["▸IBM", "189.10", "-0.50", "▼", "189.09", "189.11", "12.3k"]
    assert ink(rows[2], "+1.25 ▲") == "up"


def test_a_narrow_list_leaves_columns_out() -> None:
    assert [(columns(width).quote, columns(width).volume, columns(width).spark) for width in (30, 40, 60, 80)] == [
        (0, 0, 0),
        (0, 8, 0),
        (11, 8, 0),
        (11, 8, 12),
    ]


def test_a_changed_price_is_lit_for_a_moment(watchlist: Watchlist, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(module, "monotonic", lambda: now)
    watchlist.put(replace(AAPL, last=Decimal("212.35")))
    watchlist.put(replace(IBM, last=Decimal("189.00")))
    assert ink(watchlist.rows(40, 6)[2], "212.35") == "flash-up"
    assert ink(watchlist.rows(40, 6)[1], "189.00") == "flash-down"
    now = 100.0 + module.FLASH
    watchlist.paint()
    assert ink(watchlist.rows(40, 6)[2], "212.35") == "up"


def test_a_quote_that_only_repeats_itself_lights_nothing(watchlist: Watchlist) -> None:
    watchlist.put(replace(AAPL, bid=Decimal("212.30")))
    watchlist.put(replace(AAPL, symbol="MSFT"))
    assert "flash" not in str(watchlist.rows(40, 6))


def test_what_is_stale_says_so(watchlist: Watchlist) -> None:
    watchlist.put(replace(AAPL, stale=True))
    assert "◌" in texts(watchlist.rows(40, 6))[2]


async def test_the_cursor_tells_whom_it_has_come_to(watchlist: Watchlist) -> None:
    desk = Desk(watchlist)
    async with desk.run_test(size=(40, 6)) as pilot:
        watchlist.focus()
        await pilot.press("down", "down", "up")
        assert desk.chosen == ["AAPL", "IBM"]
        await pilot.click(Watchlist, offset=(3, 2))
        assert desk.chosen[-1] == "AAPL"


async def test_the_cursor_is_always_in_sight(watchlist: Watchlist) -> None:
    watchlist.set_symbols([replace(IBM, symbol=f"S{each}") for each in range(20)])
    async with Desk(watchlist).run_test(size=(40, 5)) as pilot:
        watchlist.focus()
        await pilot.press("end")
        assert [row.split()[0] for row in texts(watchlist.rows(40, 5))[1:]] == ["S16", "S17", "S18", "▸S19"]


def test_another_list_keeps_the_cursor_where_its_symbol_is(watchlist: Watchlist) -> None:
    watchlist.choose("AAPL")
    watchlist.set_symbols([AAPL])
    assert watchlist.chosen == "AAPL"
    watchlist.set_symbols([IBM])
    assert watchlist.chosen == "IBM"
