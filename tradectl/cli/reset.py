"""tradectl reset"""

import sys
from typing import Annotated

import typer

from tradectl.cli import progress
from tradectl.cli.options import DEFAULT, At, Feed, Following, Json, Limits, Name, Paused, Seed, Speed
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.settings import Wanted
from tradectl.stack.state import sandbox

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: tradectl reset --yes")
def command(
    name: Name = DEFAULT,
    feed: Feed = None,
    speed: Speed = None,
    seed: Seed = None,
    at: At = None,
    paused: Paused = False,
    at_end: Following = None,
    limits: Limits = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    json: Json = False,
) -> None:
    """Remove all that the sandbox holds, and begin anew.

    Ports and snapshots stay, and so do settings unless one is given: then another world begins, usual in all that is
    not said. One that runs is as after its first start; one that is down begins anew with `up`. At a terminal it asks
    first.
    """
    from tradectl.cli.output import print_json, stdout
    from tradectl.stack.snapshots.reset import reset

    if not yes and sys.stdin.isatty():
        _ask(name)
    wanted = Wanted(
        seed=seed,
        feed=feed,
        speed=speed,
        at=at,
        paused=paused,
        at_end=None if at_end is None else at_end.value,
        limits=limits,
    )
    listen = progress.quiet if quiet else progress.as_json if json else progress.terminal
    done = reset(sandbox(name), listen, wanted)
    if json:
        print_json({"name": name, "running": done.running, "seconds": round(done.seconds, 3)})
        return
    what = "has begun anew" if done.running else "holds nothing any more; [cyan]tradectl up[/] starts it"
    stdout().print(f"sandbox {name} {what} [dim]{done.seconds:.1f} s[/]")


def _ask(name: str) -> None:
    if not typer.confirm(f"Remove every account, order and mail of sandbox {name}?", err=True):
        raise TradectlError("nothing is removed", "--yes does not ask", ExitCode.INTERRUPTED)
