"""tradectl tui"""

import os
from decimal import Decimal
from typing import Annotated

import typer

from tradectl.cli.options import DEFAULT, Name
from tradectl.cli.running import endpoints
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.state import sandbox

app = typer.Typer(add_completion=False)
LANGUAGES = ("en", "ru")


def _language(given: str) -> str:
    if given not in LANGUAGES:
        raise typer.BadParameter(f"one of {', '.join(LANGUAGES)}")
    return given


@app.command(epilog="Example: tradectl tui --demo")
def command(
    name: Name = DEFAULT,
    url: Annotated[str, typer.Option(help="Another platform's BFF, instead of the sandbox's.")] = "",
    email: Annotated[str, typer.Option(help="Who signs in; the password is asked for, or TRADECTL_PASSWORD.")] = "",
    demo: Annotated[bool, typer.Option("--demo", help="Make a demo account with money, and sign it in.")] = False,
    language: Annotated[
        str, typer.Option(envvar="TRADECTL_LANGUAGE", help="en or ru.", callback=_language)
    ] = LANGUAGES[0],
    theme: Annotated[str, typer.Option(envvar="TRADECTL_THEME", help="night, day, safe or contrast.")] = "night",
    confirm_above: Annotated[
        int, typer.Option(min=0, help="Ask before an order is sent that costs more than this, in its currency.")
    ] = 10_000,
    ascii_only: Annotated[bool, typer.Option("--ascii", help="Draw with ASCII alone.")] = False,
) -> None:
    """Trade in this terminal.

    Works against the sandbox, on any backend, or by --url against any platform.
    """
    from tradectl.desk.entry import Entry
    from tradectl.tui.app import Settings, Terminal
    from tradectl.tui.glyphs import terminal_is_ascii

    if demo and url:
        raise TradectlError(
            "a demo account needs the sandbox's mail", "leave --url or --demo out", exit_code=ExitCode.USAGE
        )
    found, key = ({}, "") if url else (endpoints(name), sandbox(name).keys()["key"])
    entry = Entry(url or found["bff.http"], email, os.environ.get("TRADECTL_PASSWORD", ""), found, key)
    settings = Settings(language, theme, ascii_only or terminal_is_ascii(), demo, Decimal(confirm_above))
    Terminal(entry, settings).run()
