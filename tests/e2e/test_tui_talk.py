"""Talk, deposits and a second factor in the terminal, against a running platform that it knows by its address alone."""

import asyncio
import json
import secrets

from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from services.auth.domain.totp import PERIOD, code_at
from services.runtime.clock import wall
from tests.e2e.test_tui_shell import entry, live
from tests.e2e.tool import Tool
from tests.eventually import eventually
from tradectl.desk.account import Message
from tradectl.desk.desk import Desk
from tradectl.desk.entry import Entry, demo_account, sign_in
from tradectl.tui.app import Settings, Terminal
from tradectl.tui.screens.talk import TalkPane
from tradectl.tui.signin import SignIn


async def test_who_has_a_second_factor_signs_in_deposits_and_talks(platform: Tool) -> None:
    sandbox = entry(platform)
    email, password = await asyncio.to_thread(demo_account, sandbox, "en")
    remote = Entry(sandbox.door)
    secret = await enrolled(remote, email, password)
    app = Terminal(remote, Settings())
    async with app.run_test(size=(130, 36)) as pilot:
        await eventually(lambda: isinstance(app.screen, SignIn) and app.screen.query("#password"))
        app.screen.query_one("#email", Input).value = email
        app.screen.query_one("#password", Input).value = password
        app.screen.query_one("#password").focus()
        await pilot.press("enter")
        await eventually(lambda: app.screen.query_one("#code", Input).has_focus)
        await pilot.press(*code(secret), "enter")
        await eventually(lambda: live(app))
        await _money_comes_and_goes(app, pilot)
        await _talks(app, pilot)


async def enrolled(door: Entry, email: str, password: str) -> str:
    """The account's new second factor's secret; the code of the step before this one has been used up."""
    desk: Desk = await sign_in(door, email, password)
    made = json.loads(await desk.client.ask("POST", "/auth/totp", body={"password": password}))
    secret: str = made["secret"]
    await desk.client.ask("POST", "/auth/totp/confirm", body={"code": code(secret, -1)})
    await desk.client.wire.close()
    return secret


def code(secret: str, steps: int = 0) -> str:
    """What the authenticator shows, so many steps from now."""
    return code_at(secret, wall() // PERIOD + steps)


def free(app: Terminal) -> str:
    """Of dollars."""
    return next((f"{each.free:f}" for each in app.desk.state.portfolio.cash if each.currency == "USD"), "")


async def _money_comes_and_goes(app: Terminal, pilot: Pilot[None]) -> None:
    await pilot.press("3")
    for key, amount, left in (("d", "250", "100250.00"), ("D", "1000", "99250.00")):
        await pilot.press(key)
        await eventually(lambda: app.dialogue is not None and app.dialogue.has_focus_within)
        await pilot.press(*amount, "enter")
        await eventually(lambda left=left: free(app) == left)  # type: ignore[misc]
        assert app.dialogue is None


async def _talks(app: Terminal, pilot: Pilot[None]) -> None:
    word = f"w{secrets.token_hex(4)}"
    await pilot.press("5", "n")
    await answers(app, pilot, f"About {word}")
    pane = app.screen_stack[0].query_one(TalkPane)
    await eventually(lambda: pane.topic in pane.known and pane.query_one("#text").has_focus)
    await typed(pilot, f"It is {word}")
    await pilot.press("enter")
    await eventually(lambda: said(pane) == [f"It is {word}"])
    await pilot.press("escape", "e")
    await eventually(lambda: pane.query_one("#text", Input).value == f"It is {word}")
    await typed(pilot, " now")
    await pilot.press("enter")
    await eventually(
        lambda: [(each.text, bool(each.edited_at)) for each in messages(pane)] == [(f"It is {word} now", True)]
    )
    await pilot.press("escape", "plus")
    await answers(app, pilot, "bull")
    await eventually(lambda: [each.reactions.get("bullish") for each in messages(pane)] == [1])
    await pilot.press("s")
    await answers(app, pilot, word)
    await eventually(lambda: pane.topic == "found" and pane.query_one("#said", OptionList).option_count == 1)
    await pilot.press("enter")
    await eventually(lambda: pane.topic in pane.known and pane.highlighted is not None)
    await pilot.press("R")
    await answers(app, pilot, "look at this")
    await eventually(lambda: "Moderators have been told." in [told.message for told in app._notifications])
    await pilot.press("x")
    await eventually(lambda: [bool(each.removed) for each in messages(pane)] == [True])


async def answers(app: Terminal, pilot: Pilot[None], text: str) -> None:
    """Type into the dialogue that opens, and leave it by Enter."""
    await eventually(lambda: app.dialogue is not None and app.dialogue.has_focus_within)
    await typed(pilot, text)
    await pilot.press("enter")
    await eventually(lambda: app.dialogue is None)


async def typed(pilot: Pilot[None], text: str) -> None:
    """As at a keyboard."""
    await pilot.press(*("space" if char == " " else char for char in text))


def messages(pane: TalkPane) -> list[Message]:
    """Of the topic that is open."""
    return list(pane.state.messages.get(pane.topic, {}).values())


def said(pane: TalkPane) -> list[str]:
    return [each.text for each in messages(pane)]
