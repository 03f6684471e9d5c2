"""tradectl up"""

from enum import StrEnum
from typing import Annotated

import typer

from tradectl.cli import progress, started
from tradectl.cli.options import DEFAULT, At, Feed, Following, Json, Limits, Name, Paused, Seed, Speed
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack import lifecycle
from tradectl.stack.numbering import Ports
from tradectl.stack.settings import Wanted
from tradectl.stack.state import sandbox

app = typer.Typer(add_completion=False)


class Backend(StrEnum):
    """Where the parts run."""

    EMBEDDED = "embedded"
    CONTAINERS = "containers"
    EXTERNAL = "external"
    COMPOSE = "compose"


Watching = Annotated[
    bool, typer.Option("--watch", help="Then stay, and restart the service of each file that is changed.")
]
NetworkFaults = Annotated[
    bool | None,
    typer.Option("--network-faults", help="Put a network between parts that can be disturbed.", show_default=False),
]


@app.command(epilog="Example: tradectl up --feed btcusdt.gz --speed 10")
def command(
    name: Name = DEFAULT,
    backend: Annotated[
        Backend | None,
        typer.Option(envvar="TRADECTL_BACKEND", help="Where the parts run.", show_default="containers if they can"),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(help="These services, and what they need; sim for the outside world alone.", show_default="all"),
    ] = None,
    scale: Annotated[
        str | None, typer.Option(help="Instances of a service: orders=2,bff=2.", show_default="1 each")
    ] = None,
    feed: Feed = None,
    speed: Speed = None,
    seed: Seed = None,
    at: At = None,
    paused: Paused = False,
    at_end: Following = None,
    network_faults: NetworkFaults = None,
    limits: Limits = None,
    port_base: Annotated[int | None, typer.Option(help="Fixed ports from this number on.", show_default=False)] = None,
    new_ports: Annotated[bool, typer.Option("--new-ports", help="Choose the ports anew.")] = False,
    watching: Watching = False,
    explain: Annotated[bool, typer.Option("--explain-start", help="Show what waited for what.")] = False,
    timeout: Annotated[float, typer.Option(help="Seconds until it gives up.", min=1)] = 120.0,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    json: Json = False,
) -> None:
    """Start the platform and wait until a price has arrived.

    Repeating it changes nothing. State is kept: after a crash the same command goes on where it stopped.
    """
    wanted = Wanted(
        seed=seed,
        feed=feed,
        speed=speed,
        at=at,
        paused=paused,
        at_end=None if at_end is None else at_end.value,
        backend=None if backend is None else backend.value,
        only=None if only is None else only.split(","),
        scale=None if scale is None else counts(scale),
        network_faults=network_faults,
        limits=limits,
    )
    listen = progress.quiet if quiet else progress.as_json if json else progress.terminal
    choice = Ports(anew=new_ports, base=port_base)
    try:
        outcome = lifecycle.up(sandbox(name), wanted, listen, timeout=timeout, choice=choice)
    finally:
        progress.end()
    started.show(name, outcome, explain=explain, json=json)
    if watching:
        from tradectl.cli.watching import watch

        watch(name, json=json)


def counts(text: str) -> dict[str, int]:
    """``orders=2,bff=2`` by service."""
    found = {}
    for each in text.split(","):
        service, sign, count = each.partition("=")
        if not sign or not count.isdecimal():
            raise TradectlError(f"--scale {text} cannot be read", "--scale orders=2,bff=2", ExitCode.USAGE)
        found[service] = int(count)
    return found
