"""tradectl tui"""

import os
from decimal import Decimal
from typing import Annotated

import typer

from tradectl.cli.options import DEFAULT, Ascii, Language, Name, Theme
from tradectl.cli.running import endpoints
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.state import sandbox

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: tradectl tui --demo")
def command(
    name: Name = DEFAULT,
    url: Annotated[str, typer.Option(help="Another platform's BFF, instead of the sandbox's.")] = "",
    email: Annotated[str, typer.Option(help="Who signs in; the password is asked for, or TRADECTL_PASSWORD.")] = "",
    demo: Annotated[bool, typer.Option("--demo", help="Make a demo account with money, and sign it in.")] = False,
    language: Language = "en",
    theme: Theme = "night",
    confirm_above: Annotated[
        int, typer.Option(min=0, help="Ask before an order is sent that costs more than this, in its currency.")
    ] = 10_000,
    ascii_only: Ascii = False,
    web: Annotated[bool, typer.Option("--web", help="Serve it to a browser on this machine instead.")] = False,
    port: Annotated[int, typer.Option(help="The port of --web.", show_default="any that is free")] = 0,
) -> None:
    """Trade in this terminal.

    Works against the sandbox, on any backend, or by --url against any platform. With --web it prints the address to
    open: the key in it lets nobody else in, and each page that is opened signs in for itself.
    """
    if demo and url:
        raise TradectlError(
            "a demo account needs the sandbox's mail", "leave --url or --demo out", exit_code=ExitCode.USAGE
        )
    place = None if url else sandbox(name)
    found, key = (endpoints(name), place.keys()["key"]) if place else ({}, "")
    if web:
        _serve(port)
        return
    from tradectl.desk.entry import Entry
    from tradectl.looks.glyphs import terminal_is_ascii
    from tradectl.telemetry.acts import acts_of
    from tradectl.tui.app import Settings, Terminal

    password = os.environ.get("TRADECTL_PASSWORD", "")
    entry = Entry(url or found["bff.http"], email, password, found, key, acts_of(place))
    settings = Settings(language, theme, ascii_only or terminal_is_ascii(), demo, Decimal(confirm_above))
    terminal = Terminal(entry, settings)
    terminal.run()
    if terminal.return_code:
        raise typer.Exit(ExitCode.CHECK_FAILED)


def _serve(port: int) -> None:
    """Until it is interrupted; each page runs this same command line, without ``--web``."""
    import asyncio
    import sys

    from tradectl.cli.output import stderr, stdout
    from tradectl.tui.web import Web, listener

    def ready(address: str) -> None:
        stdout().print(address, highlight=False, soft_wrap=True)
        stderr().print("open this address in a browser on this machine; Ctrl-C ends it", highlight=False)

    try:
        listening = listener(port)
    except OSError as error:
        raise TradectlError(f"port {port}: {error.strerror}", "leave --port out", ExitCode.PORT_TAKEN) from error
    again = [sys.executable, "-P", "-m", "tradectl.cli.app", *(each for each in sys.argv[1:] if each != "--web")]
    asyncio.run(Web(again, listening).serving(ready))
