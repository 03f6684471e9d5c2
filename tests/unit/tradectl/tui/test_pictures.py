"""Each screen looks as it is stored, in both languages, on the smallest terminal and on a large one."""

import asyncio

import pytest
from textual.pilot import Pilot

from tests.pictures import Gallery, drawn, rows_of
from tests.unit.tradectl.desk.wires import DOOR
from tests.unit.tradectl.tui.desks import full_desk
from tests.unit.tradectl.tui.lively import facts
from tradectl.desk.client import Client
from tradectl.desk.desk import Desk
from tradectl.desk.entry import Entry
from tradectl.desk.outside import Facts, Outside
from tradectl.tui import words
from tradectl.tui.app import Settings, Terminal
from tradectl.tui.screens import PANES

SIZES = ((80, 24), (160, 48))
KEYS = {"ideas": ("x",)}
"""What is pressed there: a backtest."""


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The link rests: what lies on the desk is what is shown; the sandbox always looks the same."""

    async def rest(_: Desk) -> None:
        await asyncio.Event().wait()

    async def look(_: Outside) -> Facts:
        return facts()

    monkeypatch.setattr(Desk, "run", rest)
    monkeypatch.setattr(Outside, "look", look)
    monkeypatch.setattr(Client, "seconds", property(lambda _: 0.004, lambda *_: None), raising=False)


async def settled(app: Terminal, pilot: Pilot[None]) -> None:
    """Until what was asked for has been answered and drawn: a tick changes nothing any more."""
    before, after = "", picture(app)
    while before != after:
        for _ in range(3):
            app.tick()
            await pilot.pause()
        before, after = after, picture(app)


def picture(app: Terminal) -> str:
    """The screen now."""
    return drawn(rows_of(app), "")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("screen", PANES)
async def test_a_screen_looks_as_it_is_stored(
    gallery: Gallery, screen: str, language: str, size: tuple[int, int]
) -> None:
    app = Terminal(Entry(DOOR, endpoints={"mail.http": "http://mail"}), Settings(language), await full_desk())
    async with app.run_test(size=size) as pilot:
        await app.show(screen)
        await settled(app, pilot)
        await pilot.press(*KEYS.get(screen, ()))
        await settled(app, pilot)
        gallery.check(app, f"{screen}-{language}-{size[0]}x{size[1]}")
