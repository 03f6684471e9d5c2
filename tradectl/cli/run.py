"""tradectl run"""

import sys
from typing import Annotated, Any

import typer

from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.errors import ExitCode
from tradectl.stack.state import sandbox

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: tradectl run orders")
def command(
    service: Annotated[str, typer.Argument(help="A service, or one instance of it (orders@2).")],
    name: Name = DEFAULT,
    json: Json = False,
) -> None:
    """Run a service in this terminal, for a debugger.

    The rest stays as it is and waits for it as long as a breakpoint takes: time-outs, heartbeats and leases are
    stretched meanwhile. Its supervised process gives way and is back afterwards.
    """
    from tradectl.cli.output import stderr
    from tradectl.stack.foreground import run

    def say(text: str) -> None:
        stderr().print(f"[bold green]●[/] {text}")

    code = run(sandbox(name), service, _show_json if json else _show, say)
    if code is not ExitCode.OK:
        raise typer.Exit(code)


def _show_json(line: bytes) -> None:
    sys.stdout.write(line.decode() + "\n")
    sys.stdout.flush()


def _show(line: bytes) -> None:
    from json import loads

    from tradectl.cli.logs import show

    document: dict[str, Any] = loads(line)
    show(document)
