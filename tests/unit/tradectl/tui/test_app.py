import pytest

from tests.unit.tradectl.desk.wires import DOOR, desk
from tradectl.desk.entry import Entry
from tradectl.tui import words
from tradectl.tui.app import Settings, Terminal
from tradectl.tui.edges import TabLine
from tradectl.tui.screens import PANES


async def terminal(language: str = "en") -> Terminal:
    return Terminal(Entry(DOOR), Settings(language), await desk())


async def test_each_number_shows_its_screen() -> None:
    app = await terminal()
    async with app.run_test() as pilot:
        for number, name in enumerate(PANES, 1):
            await pilot.press(str(number))
            await pilot.pause()
            assert [pane.name_of for pane in app.panes] == [name]
            assert app.panes[0].display


async def test_a_click_on_a_tab_shows_its_screen() -> None:
    app = await terminal()
    async with app.run_test() as pilot:
        await pilot.click("TabLine", offset=(13, 0))
        await pilot.pause()
        assert app.shown == ["trade"]


async def test_another_language_is_spoken_at_once() -> None:
    app = await terminal("ru")
    async with app.run_test() as pilot:
        assert "Рынок" in app.query_one(TabLine).render().plain
        await pilot.press("L")
        await pilot.pause()
        assert words.language() == "en"
        assert "Market" in app.query_one(TabLine).render().plain


@pytest.mark.parametrize("key", ["question_mark", "colon", "slash"])
async def test_what_lies_over_the_panes_is_closed_by_escape(key: str) -> None:
    app = await terminal()
    async with app.run_test() as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert len(app.screen_stack) == 2
        await pilot.press("escape")
        await pilot.pause()
        assert len(app.screen_stack) == 1


async def test_it_fits_eighty_by_twenty_four() -> None:
    app = await terminal()
    async with app.run_test(size=(80, 24)):
        assert app.query_one("StatusLine").region.bottom == 23
        assert app.query_one("KeyLine").region.bottom == 24
