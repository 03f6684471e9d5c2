"""tradectl snapshot"""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tradectl.cli import progress
from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import escaped, print_json, stdout, table
from tradectl.stack.state import sandbox

if TYPE_CHECKING:
    from tradectl.stack.snapshots.document import Snapshot

HELP = """Keep all that a sandbox holds under a name, and put it back.

Accounts, sessions, orders, balances, chat, mail, the market and its time. Snapshots outlive `tradectl down`.
"""
app = typer.Typer(add_completion=False, no_args_is_help=True, help=HELP)

Which = Annotated[str, typer.Argument(metavar="SNAPSHOT", help="The snapshot's name.", show_default=False)]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]


@app.command(epilog="Example: tradectl snapshot save funded")
def save(
    snapshot: Which,
    name: Name = DEFAULT,
    force: Annotated[bool, typer.Option("--force", help="Replace one of that name.")] = False,
    timeout: Annotated[float, typer.Option(help="Seconds for what is under way to be done.", min=1)] = 30.0,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Copy all that the sandbox holds, and go on.

    First market time stands and everything under way is done: outboxes, queues and inboxes are empty. A sandbox that is
    down is copied as it lies.
    """
    from tradectl.stack.snapshots.save import save as copied

    done = copied(sandbox(name), snapshot, _listener(quiet, json), timeout=timeout, replace=force)
    if json:
        times = {"seconds": round(done.seconds, 3), "stood": round(done.stood, 3)}
        print_json({**document(done.snapshot), "running": done.running, **times})
        return
    stood = f", {done.stood:.1f} s of them it stood" if done.running else ""
    stdout().print(f"snapshot {snapshot} of sandbox {name} is saved [dim]{done.seconds:.1f} s{stood}[/]")


@app.command(epilog="Example: tradectl snapshot load funded")
def load(
    snapshot: Which,
    name: Name = DEFAULT,
    origin: Annotated[
        str | None, typer.Option("--from", help="The sandbox that it was saved of.", show_default="the same")
    ] = None,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Put a sandbox back to a snapshot; what came after it is gone.

    One that runs goes on from there; one that is down, or that is not there at all, is started by `tradectl up`. A load
    that is cut off can be given again, and until then nothing starts.
    """
    from tradectl.stack.snapshots.load import load as put_back

    done = put_back(sandbox(name), snapshot, _listener(quiet, json), origin=origin)
    if json:
        print_json({**document(done.snapshot), "running": done.running, "seconds": round(done.seconds, 3)})
        return
    flag = "" if name == DEFAULT else f" --name {name}"
    then = "it runs" if done.running else f"[cyan]tradectl up{flag}[/] starts it"
    stdout().print(f"sandbox {name} is as in snapshot {snapshot}; {then} [dim]{done.seconds:.1f} s[/]")


@app.command("list", epilog="Example: tradectl snapshot list --all")
def list_(
    name: Name = DEFAULT,
    everything: Annotated[bool, typer.Option("--all", help="Of every sandbox.")] = False,
    json: Json = False,
) -> None:
    """Show the snapshots, oldest first."""
    from tradectl.stack.snapshots.shelf import every

    found = every(None if everything else sandbox(name).name)
    if json:
        print_json([document(each) for each in found])
        return
    if not found:
        none = "there is no snapshot" if everything else f"sandbox {name} has no snapshot"
        stdout().print(f"{none}; [cyan]tradectl snapshot save NAME[/] makes one")
        return
    table(
        ["snapshot", "sandbox", "saved", "backend", "market time", "MiB", "tradectl", "schema"],
        [_row(each) for each in found],
    )


@app.command(epilog="Example: tradectl snapshot rm funded")
def rm(snapshot: Which, name: Name = DEFAULT, json: Json = False) -> None:
    """Remove a snapshot."""
    from tradectl.stack.snapshots.shelf import remove

    remove(sandbox(name).name, snapshot)
    if json:
        print_json({"name": snapshot, "sandbox": name, "removed": True})
        return
    stdout().print(f"snapshot {snapshot} of sandbox {name} is removed")


def document(snapshot: "Snapshot") -> dict[str, Any]:
    """As JSON shows it."""
    shown = {key: value for key, value in asdict(snapshot).items() if key not in {"files", "pace"}}
    return {**shown, "size": snapshot.size, "fingerprint": snapshot.fingerprint}


def _row(each: "Snapshot") -> list[object]:
    market = "" if each.market is None else each.market[:19]
    where = [escaped(each.name), each.sandbox, each.taken[:19], each.backend, market]
    return [*where, f"{each.size / 2**20:.1f}", each.tradectl, each.fingerprint]


def _listener(quiet: bool, json: bool) -> progress.Listener:
    return progress.quiet if quiet else progress.as_json if json else progress.terminal
