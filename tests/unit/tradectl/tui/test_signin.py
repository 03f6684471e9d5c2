from collections.abc import Awaitable, Callable

import pytest
from textual.widgets import Input, Static

from tests.eventually import eventually
from tests.unit.tradectl.desk.wires import DOOR, desk
from tradectl.desk import entry as ways
from tradectl.desk.desk import Desk
from tradectl.desk.entry import Entry
from tradectl.desk.failures import Failed, Refused, Unreachable
from tradectl.tui.app import Settings, Terminal
from tradectl.tui.signin import SignIn

Door = Callable[..., Awaitable[Desk]]


def door(*failures: Failed) -> tuple[Door, list[tuple[str, ...]]]:
    """A way in that fails so often, and then opens; and what was given to it."""
    left, given = list(failures), list[tuple[str, ...]]()

    async def enter(_: Entry, *said: str) -> Desk:
        given.append(said)
        if left:
            raise left.pop(0)
        return await desk()

    return enter, given


def said(app: Terminal) -> str:
    return str(app.screen.query_one("#said", Static).render())


async def test_who_gives_address_and_password_is_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    enter, given = door()
    monkeypatch.setattr(ways, "sign_in", enter)
    app = Terminal(Entry(DOOR))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"ann@example.org", "tab", *"correct horse", "enter")
        await eventually(lambda: app.signed_in and not isinstance(app.screen, SignIn))
        assert given == [("ann@example.org", "correct horse", "")]


async def test_a_second_factor_is_asked_for_when_it_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    enter, given = door(Refused(401, "totp_required", "a code is needed"))
    monkeypatch.setattr(ways, "sign_in", enter)
    app = Terminal(Entry(DOOR, "ann@example.org", "correct horse"))
    async with app.run_test(size=(80, 24)) as pilot:
        await eventually(lambda: app.screen.query_one("#code", Input).has_focus)
        assert "authenticator" in said(app)
        await pilot.press(*"123456", "enter")
        await eventually(lambda: app.signed_in)
        assert given[-1] == ("ann@example.org", "correct horse", "123456")


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (Refused(401, "invalid_credentials", "no"), "E-mail or password is wrong."),
        (Refused(403, "something_new", "The platform's own words."), "The platform's own words."),
        (Unreachable("no answer"), "tradectl up"),
        (Failed("the code's mail: not within 10 s"), "the code's mail"),
    ],
)
async def test_what_goes_wrong_is_told_in_the_form(monkeypatch: pytest.MonkeyPatch, failure: Failed, told: str) -> None:
    enter, _ = door(failure)
    monkeypatch.setattr(ways, "sign_in", enter)
    app = Terminal(Entry(DOOR, "ann@example.org", "correct horse"))
    async with app.run_test(size=(80, 24)):
        await eventually(lambda: told in said(app))
        assert not app.signed_in


async def test_only_a_sandbox_offers_a_demo_account(monkeypatch: pytest.MonkeyPatch) -> None:
    enter, given = door()
    monkeypatch.setattr(ways, "demo", enter)
    app = Terminal(Entry(DOOR))
    async with app.run_test(size=(80, 24)):
        assert not app.screen.query("#demo")
    sandbox = Terminal(Entry(DOOR, endpoints={"mail.http": "http://mail"}), Settings(language="ru"))
    async with sandbox.run_test(size=(80, 24)) as pilot:
        await pilot.click("#demo")
        await eventually(lambda: sandbox.signed_in)
        assert given == [("ru",)]


async def test_the_password_is_not_shown() -> None:
    app = Terminal(Entry(DOOR))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("tab", *"secret")
        drawn = "".join(segment.text for row in app.screen._compositor.render_strips() for segment in row)
        assert "secret" not in drawn
        assert "••••••" in drawn
        assert "secret" not in repr(Entry(DOOR, "ann@example.org", "secret"))
