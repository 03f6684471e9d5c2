"""tradectl clock"""

import math
from typing import Annotated, Any

import typer

from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import print_json, stdout
from tradectl.cli.running import ask, endpoints
from tradectl.hold.going import go, length, moment_of
from tradectl.probes.clock import market_time

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Show or set the market's clock.")

Speed = Annotated[
    float | None,
    typer.Option(help="Market seconds a second.", min=0.001, max=1_000_000, show_default="as fast as all follow"),
]
Timeout = Annotated[float | None, typer.Option(help="Seconds until it gives up.", min=0.1, show_default="none")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]


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


@app.command(epilog="Example: tradectl clock step 1h30m")
def step(
    duration: Annotated[str, typer.Argument(help="How far: 90s, 5m, 1h30m, 500ms.")],
    speed: Speed = None,
    timeout: Timeout = None,
    name: Name = DEFAULT,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Move the market's time on, through what lies between, and stop it there."""
    _go(name, market_time(_clock(name)).now + length(duration), speed, timeout, quiet=quiet, json=json)


@app.command(epilog="Example: tradectl clock seek 15:00")
def seek(
    time: Annotated[str, typer.Argument(help="Where to: 2024-08-08T15:00:00Z, or 15:00 of the market's day.")],
    speed: Speed = None,
    timeout: Timeout = None,
    name: Name = DEFAULT,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Move the market's time on to a moment, through what lies between, and stop it there.

    Market time does not go back; `tradectl snapshot load` brings back what was.
    """
    _go(name, moment_of(time, market_time(_clock(name)).now), speed, timeout, quiet=quiet, json=json)


def _go(name: str, moment: int, speed: float | None, timeout: float | None, *, quiet: bool, json: bool) -> None:
    from tradectl.cli.passing import Passing

    with Passing(quiet=quiet) as passing:
        go(_clock(name), moment, speed=speed, timeout=timeout or math.inf, tell=passing.show)
    _show(ask("GET", _url(name)), json)


def _clock(name: str) -> str:
    return endpoints(name)["clock.http"]


def _url(name: str) -> str:
    return f"{_clock(name)}/clock"


def _show(state: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(state)
        return
    until = f", until {state['until']}" if state["until"] else ""
    stdout().print(f"market time [bold]{state['now']}[/]  {state['mode']}, speed {state['speed']:g}{until}")
