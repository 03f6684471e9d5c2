"""`python -m tests.filmed`: docs/pictures/demo.svg, the tour of `tradectl demo` in the sandbox that is up."""

import asyncio
from functools import partial
from pathlib import Path

from textual.widgets import Static

from tests.eventually import eventually
from tests.pictures import Row, film, rows_of, write
from tradectl.cli.running import endpoints
from tradectl.desk.entry import Entry
from tradectl.stack.state import DEFAULT, sandbox
from tradectl.tui import tour
from tradectl.tui.app import Settings
from tradectl.tui.tour import Tour

FILE = Path(__file__).parents[1] / "docs" / "pictures" / "demo.svg"
SIZE = (120, 34)
SECONDS = 4.0
"""For a picture."""
ENDED = "the tour is over"
LOOK = 1.0
"""Seconds after a callout has come, in which the screen below it fills."""


async def frames() -> list[list[Row]]:
    """One a callout."""
    found, key = endpoints(DEFAULT), sandbox(DEFAULT).keys()["key"]
    app = Tour(Entry(found["bff.http"], endpoints=found, key=key), Settings(demo=True))
    seen, taken = "", list[list[Row]]()
    async with app.run_test(size=SIZE) as pilot:
        while seen != ENDED:
            seen = await eventually(partial(another, app, seen), every=0.05)
            if seen != ENDED:
                await pilot.pause(LOOK)
                taken.append(rows_of(app))
    return taken


def another(app: Tour, before: str) -> str | None:
    """The callout, where it is not that one."""
    if hasattr(app, "touring") and app.touring.is_finished:
        return ENDED
    found = app.screen_stack[0].query("#callout-text")
    said = str(found.first(Static).content) if found else ""
    return said if said != before else None


def main() -> None:
    """Film it."""
    tour.READING = 3.0
    write(FILE, film(asyncio.run(frames()), "tradectl demo", SECONDS))


if __name__ == "__main__":
    main()
