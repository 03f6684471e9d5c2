from typing import Any

from textual.widgets import Input, OptionList

from tests.eventually import eventually
from tests.unit.tradectl.desk.wires import DOOR, PROFILE, CannedWire, desk, raw, refusing, wire
from tradectl.desk.entry import Entry
from tradectl.tui.app import Settings, Terminal
from tradectl.tui.edges import KeyLine
from tradectl.tui.screens.talk import TalkPane

TOPIC = {
    "id": "t1",
    "title": "Earnings [season]",
    "author_id": "u2",
    "messages": 1,
    "pinned": True,
    "locked": False,
    "following": True,
    "unread": 2,
    "created_at": "2026-11-23T10:00:00Z",
    "active_at": "2026-11-23T10:00:00Z",
}


def message(message_id: str, text: str, **values: Any) -> dict[str, Any]:
    return {
        "id": message_id,
        "topic_id": "t1",
        "author_id": "u2",
        "author": "Bob",
        "text": text,
        "reply_to": None,
        "mentions": [],
        "symbols": [],
        "reactions": {},
        "posted_at": "2026-11-23T10:00:00Z",
        "edited_at": None,
        "removed": None,
    } | values


def forum() -> CannedWire:
    answering = wire()
    answering.answers |= {
        "GET /chat/topics": {"items": [TOPIC]},
        "POST /chat/topics/t1/read": {"topics": 0, "messages": 0},
        "POST /chat/topics/t1/messages": lambda body: message("m2", body["text"], author="Ann", author_id="u1"),
    }
    return answering


def said(app: Terminal) -> str:
    options = app.query_one("#said", OptionList)
    return "\n".join(str(options.get_option_at_index(n).prompt) for n in range(options.option_count))


async def terminal(answering: CannedWire) -> Terminal:
    made = await desk(answering)
    made.state.apply("chat:t1", whole=True, data=raw({"items": [message("m1", "Up, @Ann? $AAPL")]}))
    return Terminal(Entry(DOOR), Settings(), made)


async def test_the_first_topic_is_open_and_read() -> None:
    answering = forum()
    app = await terminal(answering)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("5")
        await eventually(lambda: "Up, @Ann? $AAPL" in said(app))
        assert "chat:t1" in app.desk.link.wanted
        await eventually(lambda: any(asked == "POST /chat/topics/t1/read" for asked, _, _ in answering.asked))


async def test_an_answer_names_the_message_that_it_answers() -> None:
    answering = forum()
    app = await terminal(answering)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("5")
        await eventually(lambda: "Up, @Ann" in said(app))
        await pilot.press("r", *"Yes", "enter")
        await eventually(lambda: "Yes" in said(app))
        bodies = [body for asked, body, _ in answering.asked if asked == "POST /chat/topics/t1/messages"]
        assert bodies == [{"text": "Yes", "reply_to": "m1"}]
        assert app.query_one("#text", Input).value == ""


async def test_what_is_refused_stays_in_the_line_and_is_told() -> None:
    answering = forum()
    answering.answers["POST /chat/topics/t1/messages"] = refusing(403, "muted")
    app = await terminal(answering)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("5")
        await eventually(lambda: "Up, @Ann" in said(app))
        await pilot.press("i", *"Hello", "enter")
        await eventually(lambda: [told.message for told in app._notifications] == ["You may read and not write."])
        assert app.query_one("#text", Input).value == "Hello"


async def test_mentions_are_the_notifications_that_tell_of_one() -> None:
    app = await terminal(forum())
    told: dict[str, Any] = {
        "id": "n1",
        "kind": "user_mentioned",
        "title": "Bob mentioned you",
        "text": "Bob: Up, @Ann?",
    }
    told |= {"read": False, "created_at": "2026-11-23T10:00:00Z"}
    other = {**told, "id": "n2", "kind": "deposit_credited", "title": "Deposit credited"}
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("5")
        await eventually(lambda: "Up, @Ann" in said(app))
        app.desk.state.apply("notifications", whole=True, data=raw({"items": [other, told], "unread": 2}))
        await pilot.press("at")
        await eventually(lambda: "Bob mentioned you" in said(app))
        assert "Deposit" not in said(app)
        assert app.query_one(TalkPane).topic == "mentions"


async def test_while_something_is_typed_the_line_of_keys_shows_how_to_stop() -> None:
    app = await terminal(forum())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("5")
        await eventually(lambda: "Up, @Ann" in said(app))
        await pilot.press("i")
        line = app.query_one(KeyLine)
        await eventually(lambda: "Stop writing" in line.render().plain)
        assert "Symbol" not in line.render().plain
        assert "Reply" not in line.render().plain
        await pilot.press(*"/?:", "escape")
        assert app.query_one("#text", Input).value == "/?:"
        await eventually(lambda: "Reply" in line.render().plain)


def bodies(answering: CannedWire, asked: str) -> list[Any]:
    return [body for what, body, _ in answering.asked if what == asked]


async def reading(answering: CannedWire, *messages: dict[str, Any]) -> Terminal:
    """The first topic with these messages, newest last."""
    made = await desk(answering)
    made.state.apply("chat:t1", whole=True, data=raw({"items": list(messages)[::-1]}))
    return Terminal(Entry(DOOR), Settings(), made)


async def test_ones_own_words_are_changed_in_the_line() -> None:
    answering = forum()
    answering.answers["PATCH /chat/messages/m1"] = lambda body: message(
        "m1", body["text"], author_id="u1", edited_at="2026-11-23T10:01:00Z"
    )
    app = await reading(answering, message("m1", "Dwn", author_id="u1"))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("5")
        await eventually(lambda: "Dwn" in said(app))
        await pilot.press("e")
        assert app.query_one("#text", Input).value == "Dwn"
        await pilot.press("backspace", "backspace", *"own", "enter")
        await eventually(lambda: "Down" in said(app))
        assert bodies(answering, "PATCH /chat/messages/m1") == [{"text": "Down"}]
        assert app.query_one("#text", Input).value == ""


async def test_anothers_words_are_neither_changed_nor_removed() -> None:
    answering = forum()
    app = await reading(answering, message("m1", "Up"))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("5")
        await eventually(lambda: "Up" in said(app))
        await pilot.press("e", "x")
        await eventually(lambda: [told.message for told in app._notifications] == ["These are another's words."] * 2)
        assert not [asked for asked, _, _ in answering.asked if asked.startswith(("PATCH", "DELETE"))]


async def test_an_edit_that_comes_too_late_is_refused_in_words() -> None:
    answering = forum()
    answering.answers["PATCH /chat/messages/m1"] = refusing(409, "too_late")
    app = await reading(answering, message("m1", "Down", author_id="u1"))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("5")
        await eventually(lambda: "Down" in said(app))
        await pilot.press("e", "!", "enter")
        await eventually(lambda: "15 minutes" in "".join(told.message for told in app._notifications))


async def test_a_moderator_removes_with_a_reason() -> None:
    answering = forum()
    answering.answers["GET /me"] = {**PROFILE, "roles": ["trader", "moderator"]}
    gone = {"at": "2026-11-23T10:01:00Z", "by": "moderator", "reason": "spam"}
    answering.answers["DELETE /chat/messages/m1"] = lambda _: message("m1", "", removed=gone)
    app = await reading(answering, message("m1", "Buy my course"))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("5")
        await eventually(lambda: "course" in said(app))
        await pilot.press("x")
        await eventually(lambda: app.dialogue is not None)
        await pilot.press(*"spam", "enter")
        await eventually(lambda: "removed" in said(app))


async def test_a_reaction_is_chosen_by_name_and_taken_back_by_the_same_way() -> None:
    answering = forum()
    path = "/chat/messages/m1/reactions/bullish"
    answering.answers[f"PUT {path}"] = message("m1", "Up", reactions={"bullish": 1}, my_reactions=["bullish"])
    answering.answers[f"DELETE {path}"] = message("m1", "Up", my_reactions=[])
    app = await reading(answering, message("m1", "Up", my_reactions=[]))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("5")
        await eventually(lambda: "Up" in said(app))
        await pilot.press("plus", *"bull", "enter")
        await eventually(lambda: "bullish 1" in said(app))
        told = message("m1", "Up", reactions={"bullish": 2})
        app.desk.state.apply("chat:t1", whole=False, data=raw(told))  # what everybody is told says nothing of oneself
        await eventually(lambda: "bullish 2" in said(app))
        await pilot.press("plus", *"bull", "enter")
        await eventually(lambda: "bullish" not in said(app))


async def test_a_message_is_reported_with_a_reason() -> None:
    answering = forum()
    answering.answers["POST /chat/messages/m1/report"] = {"id": "r1"}
    app = await reading(answering, message("m1", "Up"))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("5")
        await eventually(lambda: "Up" in said(app))
        await pilot.press("R")
        await eventually(lambda: app.dialogue is not None)
        await pilot.press(*"spam", "enter")
        await eventually(lambda: bodies(answering, "POST /chat/messages/m1/report") == [{"reason": "spam"}])
        await eventually(lambda: [told.message for told in app._notifications] == ["Moderators have been told."])


async def test_what_was_found_leads_to_its_topic() -> None:
    answering = forum()
    found = {**message("m9", "Dividends are due"), "topic_title": "Earnings [season]"}
    answering.answers["GET /chat/search"] = {"items": [found], "next": None}
    app = await reading(answering, message("m1", "Up"))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("5")
        await eventually(lambda: "Up" in said(app))
        await pilot.press("s")
        await eventually(lambda: app.dialogue is not None)
        await pilot.press(*"due", "enter")
        await eventually(lambda: "Earnings [season]" in said(app) and "Dividends" in said(app))
        await pilot.press("enter")
        await eventually(lambda: app.query_one(TalkPane).topic == "t1" and "Up" in said(app))
