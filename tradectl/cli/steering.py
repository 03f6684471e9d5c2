"""What restart, stop and start have in common."""

from collections.abc import Callable
from typing import Annotated

import typer

from tradectl.cli.options import Json, Name
from tradectl.stack.control import Steered
from tradectl.stack.state import Sandbox, sandbox

Service = Annotated[str, typer.Argument(help="A service, one instance of it (orders@2), or sim.")]
Timeout = Annotated[float, typer.Option(help="Seconds until it gives up.", min=0)]
PATIENCE = 60.0

__all__ = ["PATIENCE", "Json", "Name", "Service", "Timeout", "steered"]


def steered(
    action: Callable[[Sandbox, str, float], Steered], service: str, name: str, timeout: float, *, json: bool, said: str
) -> None:
    """Do it and say so."""
    from tradectl.cli.output import print_json, stdout

    done = action(sandbox(name), service, timeout)
    if json:
        print_json(done)
        return
    stdout().print(f"{', '.join(done.children)} {said} [dim]{done.seconds:.2f} s[/]")
