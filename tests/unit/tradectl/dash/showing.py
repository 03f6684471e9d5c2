"""The dash over canned facts, driven by Textual's pilot."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from tradectl.dash.app import PANES, Dash, Settings
from tradectl.looks import glyphs, languages
from tradectl.overview.facts import Facts

LARGE = (160, 48)


@asynccontextmanager
async def showing(
    facts: Facts, name: str = "", size: tuple[int, int] = LARGE, settings: Settings | None = None
) -> AsyncIterator[Pilot[None]]:
    """On a tab, when it has looked once; then English with Unicode again."""
    app = Dash(facts, settings or Settings())
    app.animation_level = "none"
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            if name:
                await pilot.press(str(list(PANES).index(name) + 1))
            await settled(pilot)
            yield pilot
    finally:
        languages.use("en")
        glyphs.use_ascii(False)


async def settled(pilot: Pilot[None]) -> None:
    """Until what was asked for has been answered and drawn."""
    for _ in range(2):
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
    await pilot.pause()
