"""tradectl demo"""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from tradectl.cli.options import DEFAULT, Ascii, Language, Name, Theme
from tradectl.cli.running import endpoints
from tradectl.errors import ExitCode
from tradectl.stack.state import Sandbox, sandbox

app = typer.Typer(add_completion=False)
PATIENCE = 120.0
"""Seconds for the start."""


@app.command(epilog="Example: tradectl demo --language ru")
def command(
    name: Name = DEFAULT,
    language: Language = "en",
    theme: Theme = "night",
    ascii_only: Ascii = False,
) -> None:
    """Watch an agent trade in the terminal, with callouts, and take over when you like.

    A sandbox that is up is used and stays as it is; where none is, one is started, and removed when you leave.
    """
    place = sandbox(name)
    if place.in_use():
        code = tour(place, endpoints(name), language, theme, ascii_only)
    else:
        with started(place) as found:
            code = tour(place, found, language, theme, ascii_only)
    if code:
        raise typer.Exit(ExitCode.CHECK_FAILED)


@contextmanager
def started(place: Sandbox) -> Iterator[dict[str, str]]:
    """A sandbox for the time of the tour; a new one is embedded, which starts soonest, and one's data is kept."""
    from tradectl.cli import progress
    from tradectl.stack import lifecycle
    from tradectl.stack.settings import Wanted

    kept = place.exists
    wanted = Wanted(backend=None if kept else "embedded")
    try:
        outcome = lifecycle.up(place, wanted, progress.terminal, timeout=PATIENCE)
    finally:
        progress.end()
    try:
        yield outcome.endpoints
    finally:
        lifecycle.down(place, keep_data=kept)


def tour(place: Sandbox, found: dict[str, str], language: str, theme: str, ascii_only: bool) -> int:
    """How the terminal ended."""
    from tradectl.desk.entry import Entry
    from tradectl.looks.glyphs import terminal_is_ascii
    from tradectl.telemetry.acts import acts_of
    from tradectl.tui.app import Settings
    from tradectl.tui.tour import Tour

    settings = Settings(language, theme, ascii_only or terminal_is_ascii(), demo=True)
    entry = Entry(found["bff.http"], endpoints=found, key=place.keys()["key"], acts=acts_of(place))
    shown = Tour(entry, settings)
    shown.run()
    return shown.return_code or 0
