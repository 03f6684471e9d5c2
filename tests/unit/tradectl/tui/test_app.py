import asyncio
import re
from collections.abc import Awaitable, Callable

import pytest
from textual.widgets import Input, OptionList, Static

from tests.eventually import eventually
from tests.unit.tradectl.desk.wires import DOOR, CannedWire, desk, order, quote, raw, refusing
from tests.unit.tradectl.desk.wires import wire as answering
from tradectl.desk.entry import Entry
from tradectl.tui import words
from tradectl.tui.app import Settings, Terminal
from tradectl.tui.edges import KeyLine, StatusLine, TabLine
from tradectl.tui.finder import Finder
from tradectl.tui.help import Help
from tradectl.tui.keys import distinct
from tradectl.tui.news import News
from tradectl.tui.palette import actions
from tradectl.tui.screens import PANES
from tradectl.tui.words import WORDS, t


async def terminal(language: str = "en", wire: CannedWire | None = None) -> Terminal:
    return Terminal(Entry(DOOR), Settings(language), await desk(wire))


async def test_each_number_shows_its_screen() -> None:
    app = await terminal()
    async with app.run_test() as pilot:
        for number, name in enumerate(PANES, 1):
            await pilot.press(str(number))
            await pilot.pause()
            assert [pane.name_of for pane in app.panes] == [name]
            assert app.panes[0].display


async def test_what_changes_while_a_screen_is_being_made_waits_for_it() -> None:
    app = await terminal()
    async with app.run_test():
        shown = asyncio.create_task(app.show("trade", "talk"))
        while not shown.done():
            app.desk.state.touch("topics", "orders", "portfolio")
            app.tick()
            await asyncio.sleep(0)
        await shown
        assert app.query_one("#topics", OptionList).option_count == 1  # the mentions


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
        assert app.dialogue is not None
        assert app.dialogue.has_focus_within or app.dialogue.has_focus
        await pilot.press("escape")
        await pilot.pause()
        assert app.dialogue is None


async def test_it_fits_eighty_by_twenty_four() -> None:
    app = await terminal()
    async with app.run_test(size=(80, 24)):
        assert app.query_one("StatusLine").region.bottom == 23
        assert app.query_one("KeyLine").region.bottom == 24


async def test_two_panes_stand_side_by_side_and_the_focus_goes_between_them() -> None:
    app = await terminal()
    async with app.run_test() as pilot:
        await pilot.press("v")
        await pilot.pause()
        assert [pane.name_of for pane in app.panes] == ["market", "trade"]
        left, right = app.panes
        assert left.region.right <= right.region.x
        await pilot.press("o")
        assert app.focused is left
        await pilot.press("v")
        await pilot.pause()
        assert app.shown == ["market"]


def drawn_text(app: Terminal) -> str:
    """All that is on the screen."""
    return "\n".join("".join(segment.text for segment in line) for line in app.screen._compositor.render_strips())


def noting(done: list[str]) -> Callable[[], Awaitable[None]]:
    """What may be undone; notes that it was done."""

    async def act() -> None:
        done.append("cancelled")

    return act


async def test_what_is_undone_is_never_done() -> None:
    done: list[str] = []
    app = await terminal()
    async with app.run_test() as pilot:
        await app.later("4 orders are cancelled", 60, noting(done))
        await pilot.press("u")
        await app.later("4 orders are cancelled", 0, noting(done))
        await eventually(lambda: done == ["cancelled"])


async def test_who_leaves_while_something_waits_has_it_done() -> None:
    done: list[str] = []
    app = await terminal()
    async with app.run_test() as pilot:
        await app.later("4 orders are cancelled", 60, noting(done))
        await pilot.press("q")
    assert done == ["cancelled"]


async def test_the_panes_go_on_behind_a_dialogue() -> None:
    app = await terminal()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("slash")
        await pilot.pause()
        app.desk.state.apply("quotes:AAPL", whole=True, data=raw(quote("AAPL", "203.33", 2)))
        await eventually(lambda: "203.33" in drawn_text(app))
        assert "Symbol or name" in drawn_text(app)


async def test_under_a_dialogue_no_key_of_the_panes_does_anything() -> None:
    app = await terminal()
    async with app.run_test() as pilot:
        await pilot.press("question_mark", "2", "t", "v", "b")
        await pilot.pause()
        assert app.shown == ["market"]
        await pilot.press("tab", "tab", "tab")
        assert app.dialogue is not None
        assert app.dialogue.has_focus_within


async def test_who_clicks_into_a_pane_has_left_the_dialogue() -> None:
    app = await terminal()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("slash")
        await pilot.pause()
        await pilot.click("Watchlist", offset=(2, 2))
        await eventually(lambda: app.dialogue is None)


async def test_what_had_the_focus_has_it_again_after_a_dialogue() -> None:
    app = await terminal()
    async with app.run_test() as pilot:
        before = app.focused
        await pilot.press("colon", *"zzz")
        await pilot.press("escape")
        await pilot.pause()
        assert app.focused is before


async def test_a_dialogue_keeps_the_keys_while_another_screen_comes_behind_it() -> None:
    app = await terminal()
    async with app.run_test() as pilot:
        await pilot.press("slash", "i")
        await app.show("trade")
        await pilot.press("b", "m")
        assert app.query_one(Finder).query_one(Input).value == "ibm"


async def test_an_action_that_is_chosen_in_the_palette_is_done() -> None:
    app = await terminal()
    async with app.run_test() as pilot:
        await pilot.press("colon", *"talk", "enter")
        await eventually(lambda: app.shown == ["talk"])
        await pilot.press("colon", "down", "down", "up", *"split", "enter")
        await eventually(lambda: len(app.shown) == 2)


async def test_a_symbol_is_watched_and_not_watched_by_one_key() -> None:
    wire = answering()
    app = await terminal(wire=wire)
    wire.answers["PUT /me/watchlist"] = lambda body: {**body, "updated_at": None}
    async with app.run_test() as pilot:
        app.desk.look_at("IBM")
        await pilot.press("w")
        await eventually(lambda: app.desk.state.watchlist == ["AAPL", "BTCUSDT", "IBM"])
        await pilot.press("w")
        await eventually(lambda: app.desk.state.watchlist == ["AAPL", "BTCUSDT"])


async def test_a_refused_alert_is_told_in_its_form() -> None:
    wire = answering()
    app = await terminal(wire=wire)
    wire.answers["POST /alerts"] = refusing(422, "too_many_alerts")
    async with app.run_test() as pilot:
        await pilot.press("exclamation_mark")
        await pilot.press("enter")
        await eventually(lambda: "too many" in str(app.screen.query_one("#alert-said", Static).render()))
        await pilot.press("escape")
        await pilot.pause()
        assert app.dialogue is None


async def test_a_rejected_order_is_told_with_its_reason() -> None:
    app = await terminal()
    async with app.run_test() as pilot:
        event = {"event": "order_rejected", "order": order(status="rejected", reason="not_sent"), "fill": None}
        app.desk.state.apply("orders", whole=False, data=raw(event))
        app.tick()
        await pilot.pause()
        assert [(told.title, told.message) for told in app._notifications] == [("Rejected", "Buy 10 AAPL: not_sent")]


async def test_ascii_alone_is_drawn_where_it_is_asked_for() -> None:
    app = Terminal(Entry(DOOR), Settings(ascii=True), await desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("exclamation_mark")
        await pilot.pause()
        drawn = "".join(segment.text for line in app.screen._compositor.render_strips() for segment in line)
        assert "Alert on AAPL" in drawn
        assert drawn.isascii()


async def test_a_cut_is_told_with_the_age_of_what_is_shown() -> None:
    wire = answering()
    app = await terminal(wire=wire)
    async with app.run_test(size=(120, 24)):
        await eventually(lambda: wire.sockets)
        app.desk.state.link.status = "cut"
        app.desk.state.link.heard -= 100
        assert re.search(r"cut, 1\d\d s old", app.query_one(StatusLine).render().plain)


async def test_every_action_that_has_a_key_is_in_the_palette() -> None:
    app = await terminal()
    async with app.run_test() as pilot:
        await pilot.pause()
        listed = {entry.title for entry in actions(app)}
        keyed = {each.binding.description for each in app.screen.active_bindings.values() if each.enabled}
        screens = {f"{name}.title" for name in PANES}
        assert {t("ticket.open"), t("key.alert"), t("key.split"), "Go to: Talk"} <= listed
        assert {t(each) for each in keyed & WORDS.keys() - screens} <= listed


async def test_a_symbol_is_found_by_a_part_of_its_name() -> None:
    app = await terminal()
    async with app.run_test() as pilot:
        await pilot.press("slash", *"ibm")
        await eventually(lambda: [each.title for each in app.query_one(Finder).listed] == ["IBM  IBM Inc."])
        await pilot.press("enter")
        await eventually(lambda: app.desk.state.symbol == "IBM")


async def test_what_was_notified_is_shown_and_then_read() -> None:
    wire = answering()
    wire.answers["POST /notifications/read"] = {"unread": 0}
    app = await terminal(wire=wire)
    async with app.run_test() as pilot:
        told = {"id": "n1", "kind": "deposit_credited", "title": "Deposit credited", "text": "100 USD"}
        page = {"items": [{**told, "read": False, "created_at": "2026-11-23T10:00:00Z"}], "unread": 1}
        app.desk.state.apply("notifications", whole=True, data=raw(page))
        await pilot.press("N")
        await eventually(lambda: app.desk.state.unread == 0)
        assert "Deposit credited" in str(app.query_one(News).query_one(Static).render())


async def test_an_alert_that_is_chosen_is_deleted() -> None:
    wire = answering()
    alert = {"id": "a1", "symbol": "AAPL", "condition": "price_above", "threshold": "210.00", "repeat": "once"} | {
        "status": "armed",
        "fires": 0,
        "triggered_at": None,
        "created_at": "2024-08-08T07:10:00Z",
    }
    alerts = [alert]
    wire.answers |= {"GET /alerts": lambda _: {"items": alerts}, "DELETE /alerts/a1": lambda _: alerts.clear()}
    app = await terminal(wire=wire)
    async with app.run_test() as pilot:
        await pilot.press("exclamation_mark")
        await eventually(lambda: app.screen.query_one("#known", OptionList).option_count == 1)
        app.screen.query_one("#known").focus()
        await pilot.press("down", "enter")
        await eventually(lambda: not app.screen.query_one("#known", OptionList).option_count)


async def test_without_colours_only_greys_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = await terminal()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        styles = [segment.style for row in app.screen._compositor.render_strips() for segment in row if segment.style]
        colours = [style.color.triplet for style in styles if style.color and style.color.triplet]
        assert colours
        assert all(len(set(colour)) == 1 for colour in colours)


async def test_the_key_of_the_help_is_on_the_line_however_many_there_are() -> None:
    app = await terminal()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2")
        await pilot.pause()
        line = app.query_one(KeyLine)
        assert line.render().plain.endswith(" ? Help ")
        assert line.render().cell_length == 80
        await pilot.click(KeyLine, offset=(75, 0))
        await eventually(lambda: isinstance(app.dialogue, Help))


async def test_a_key_that_is_written_in_two_ways_is_listed_once() -> None:
    app = await terminal()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("6")
        await pilot.pause()
        actions = [each.binding.action for _, each in distinct(app.screen.active_bindings)]
        assert len(set(actions)) == len(actions)
