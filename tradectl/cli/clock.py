"""tradectl clock"""

from typing import Annotated, Any

import typer

from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import print_json, stdout
from tradectl.cli.running import ask, endpoints

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Show or set the market's clock.")


@app.command(epilog="Example: tradectl clock show --json")
def show(name: Name = DEFAULT, json: Json = False) -> None:
    """Show the market's time, its speed and whether it runs."""
    _show(ask("GET", _url(name)), json)


@app.command(epilog="Example: tradectl clock speed 60")
def speed(
    times: Annotated[float, typer.Argument(help="Market seconds a second.", min=0.001, max=1_000_000)],
    name: Name = DEFAULT,
    json: Json = False,
) -> None:
    """Let the market's time go faster or slower."""
    _show(ask("PUT", _url(name), body={"speed": times}), json)


@app.command(epilog="Example: tradectl clock pause")
def pause(name: Name = DEFAULT, json: Json = False) -> None:
    """Stop the market's time."""
    _show(ask("PUT", _url(name), body={"mode": "paused"}), json)


@app.command(epilog="Example: tradectl clock live")
def live(name: Name = DEFAULT, json: Json = False) -> None:
    """Let the market's time run again, second by second."""
    _show(ask("PUT", _url(name), body={"mode": "running", "speed": 1}), json)


def _url(name: str) -> str:
    return f"{endpoints(name)['clock.http']}/clock"


def _show(state: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(state)
        return
    stdout().print(f"market time [bold]{state['now']}[/]  {state['mode']}, speed {state['speed']:g}")
