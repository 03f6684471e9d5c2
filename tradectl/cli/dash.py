"""tradectl dash"""

import sys

import typer

from tradectl.cli.options import DEFAULT, Ascii, Language, Name, Theme
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.state import sandbox

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: tradectl dash")
def command(
    name: Name = DEFAULT,
    language: Language = "en",
    theme: Theme = "night",
    ascii_only: Ascii = False,
) -> None:
    """Watch and steer a sandbox in the terminal: parts, logs, traces, metrics, queues, FIX, clock, faults, orders."""
    place = sandbox(name)
    if not place.exists:
        raise TradectlError(f"there is no sandbox {name}", "`tradectl up` makes one", ExitCode.NOT_FOUND)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        hint = "`tradectl ps`, `traces`, `metrics` and `explain`, each with --json, tell a script the same"
        raise TradectlError("tradectl dash needs a terminal", hint, ExitCode.USAGE)
    from tradectl.dash.app import Dash, Settings
    from tradectl.looks.glyphs import terminal_is_ascii
    from tradectl.overview.facts import Facts

    dash = Dash(Facts(place), Settings(language, theme, ascii_only or terminal_is_ascii()))
    dash.run()
    if dash.return_code:
        raise typer.Exit(ExitCode.CHECK_FAILED)
