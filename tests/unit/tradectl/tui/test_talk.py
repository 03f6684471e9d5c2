from typing import Any

from textual.widgets import Input, OptionList

from tests.eventually import eventually
from tests.unit.tradectl.desk.wires import DOOR, CannedWire, desk, raw, refusing, wire
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
