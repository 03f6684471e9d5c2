"""tradectl up"""

import shutil
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tradectl.cli import progress
from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.stack import lifecycle
from tradectl.stack.settings import Wanted
from tradectl.stack.state import sandbox

app = typer.Typer(add_completion=False)


class Backend(StrEnum):
    """Where the parts run."""

    EMBEDDED = "embedded"
    CONTAINERS = "containers"


class AtEnd(StrEnum):
    """What follows a recording."""

    LOOP = "loop"
    HALT = "halt"
    AGENTS = "agents"


@app.command(epilog="Example: tradectl up --feed btcusdt.gz --speed 10")
def command(
    name: Name = DEFAULT,
    backend: Annotated[Backend | None, typer.Option(help="Where the parts run.", show_default=False)] = None,
    feed: Annotated[
        Path | None, typer.Option(help="Replay this recording as the crypto pair; gzip or plain.", show_default=False)
    ] = None,
    speed: Annotated[str | None, typer.Option(help="Market seconds a second, or max.", show_default="1")] = None,
    seed: Annotated[int | None, typer.Option(help="The seed of all simulated chance.", show_default="1")] = None,
    at: Annotated[
        str | None, typer.Option(help="Market time of the start, RFC 3339.", show_default="2024-08-08T07:10:00Z")
    ] = None,
    at_end: Annotated[AtEnd | None, typer.Option(help="What follows a recording.", show_default="agents")] = None,
    new_ports: Annotated[bool, typer.Option("--new-ports", help="Choose the ports anew.")] = False,
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
        at_end=None if at_end is None else at_end.value,
        backend=None if backend is None else backend.value,
    )
    listen = progress.quiet if quiet else progress.as_json if json else progress.terminal
    outcome = lifecycle.up(sandbox(name), wanted, listen, timeout=timeout, new_ports=new_ports)
    if json:
        from tradectl.cli.output import print_json

        print_json(outcome)
    else:
        _show(name, outcome)


def _show(name: str, outcome: lifecycle.Outcome) -> None:
    from tradectl.cli.output import stdout, table

    what = f"is up after {outcome.seconds:.1f} s" if outcome.changed else "was up already; nothing was changed"
    stdout().print(f"\n[bold green]●[/] sandbox [bold]{name}[/] {what}\n")
    door = outcome.endpoints["bff.http"]
    table(
        ["endpoint", "address"],
        [
            ("API and WebSocket", f"{door}/api/v1"),
            ("API description", f"{door}/openapi.json"),
            *((key, url) for key, url in sorted(outcome.endpoints.items()) if key in SHOWN),
        ],
    )
    flag = "" if name == DEFAULT else f" --name {name}"
    stdout().print("Try next:")
    for verb, why in NEXT.items():
        stdout().print(f"  [cyan]{called()} {verb}{flag}[/]" + " " * max(1, 22 - len(verb + flag)) + f"[dim]{why}[/]")
    sys.stdout.flush()


def called() -> str:
    """The tool as this shell finds it: by its name, or as it was called now."""
    return "tradectl" if shutil.which("tradectl") else sys.argv[0]


SHOWN = {"broker.fix", "mail.http", "provider.http"}
NEXT = {
    "smoke": "trade once and check every step",
    "ps": "each part and how it is",
    "logs -f": "what the services write, as it happens",
    "audit": "every account against the venue's record",
    "down": "stop it and leave nothing behind",
}
