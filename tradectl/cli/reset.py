"""tradectl reset"""

import sys
from typing import Annotated

import typer

from tradectl.cli import progress
from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.state import sandbox

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: tradectl reset --yes")
def command(
    name: Name = DEFAULT,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    json: Json = False,
) -> None:
    """Remove all that the sandbox holds, and begin anew.

    Settings, ports and snapshots stay. One that runs is as after its first start; one that is down begins anew with
    `up`. At a terminal it asks first.
    """
    from tradectl.cli.output import print_json, stdout
    from tradectl.stack.snapshots.reset import reset

    if not yes and sys.stdin.isatty():
        _ask(name)
    done = reset(sandbox(name), progress.quiet if quiet else progress.as_json if json else progress.terminal)
    if json:
        print_json({"name": name, "running": done.running, "seconds": round(done.seconds, 3)})
        return
    what = "has begun anew" if done.running else "holds nothing any more; [cyan]tradectl up[/] starts it"
    stdout().print(f"sandbox {name} {what} [dim]{done.seconds:.1f} s[/]")


def _ask(name: str) -> None:
    if not typer.confirm(f"Remove every account, order and mail of sandbox {name}?", err=True):
        raise TradectlError("nothing is removed", "--yes does not ask", ExitCode.INTERRUPTED)
