"""tradectl certs"""

import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import escaped, print_json, stderr, stdout, table
from tradectl.errors import ExitCode

if TYPE_CHECKING:
    from tradectl.certs.folder import Folder

HELP = "Make certificates for TLS in front of a sandbox, by an authority of its own."
app = typer.Typer(add_completion=False, no_args_is_help=True, help=HELP)
FolderOption = Annotated[
    Path | None, typer.Option("--folder", help="There, instead of with the sandbox.", show_default=False)
]
Hosts = Annotated[
    list[str] | None,
    typer.Option("--host", help="Also for this name or address; loopback is always in.", show_default=False),
]
Shared = Annotated[
    bool, typer.Option("--shared", help="The server's key may be read by a container's user, once it is mounted.")
]


@app.command(epilog="Example: tradectl certs make --host trade.example --folder certs")
def make(
    name: Name = DEFAULT, folder: FolderOption = None, host: Hosts = None, shared: Shared = False, json: Json = False
) -> None:
    """Make what is missing, is over within 30 days or lacks a host; what is good stays."""
    found = _folder(name, folder)
    changed = found.make(host or (), shared=shared)
    _show(found, json, changed=changed)


@app.command(epilog="Example: tradectl certs renew")
def renew(
    name: Name = DEFAULT,
    folder: FolderOption = None,
    host: Hosts = None,
    authority: Annotated[
        bool, typer.Option("--authority", help="By another authority, which clients must then trust anew.")
    ] = False,
    shared: Shared = False,
    json: Json = False,
) -> None:
    """Sign another certificate for the server, for the hosts that it has and those that are named."""
    found = _folder(name, folder)
    kept = () if not found.exists else found.shown()[1].hosts
    found.renew([*kept, *(host or ())], authority=authority or not found.exists, shared=shared)
    _show(found, json, changed=True)


@app.command(epilog="Example: tradectl certs show --json")
def show(name: Name = DEFAULT, folder: FolderOption = None, json: Json = False) -> None:
    """Show authority and certificate, and when each is over; exit code 1 when one is."""
    found = _folder(name, folder)
    _show(found, json, changed=False)
    if any(each.days_left(datetime.now(UTC)) < 0 for each in found.shown()):
        stderr().print("`tradectl certs renew` signs another")
        raise typer.Exit(ExitCode.CHECK_FAILED)


@app.command(epilog="Example: tradectl certs trust --yes")
def trust(
    name: Name = DEFAULT,
    folder: FolderOption = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take it out again.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it, instead of printing the commands.")] = False,
    json: Json = False,
) -> None:
    """Print the commands that make this system trust the authority; nothing is done without --yes."""
    from tradectl.certs.trust import run, store_of

    found, store = _folder(name, folder), store_of()
    commands = store.removing(found.name) if remove else store.adding(found.shown()[0].file, found.name)
    if yes:
        run(commands)
    if json:
        print_json({"system": store.system, "commands": commands, "done": yes})
        return
    for command in commands:
        stdout().print(escaped(shlex.join(command)), soft_wrap=True)
    stderr().print("done" if yes else "nothing was done: --yes does it, as root")


def _folder(name: str, given: Path | None) -> "Folder":
    from tradectl.certs.folder import Folder, of_sandbox
    from tradectl.stack.state import sandbox

    return of_sandbox(sandbox(name)) if given is None else Folder(given.absolute(), given.absolute().name)


def _show(folder: "Folder", json: bool, *, changed: bool) -> None:
    now = datetime.now(UTC)
    shown: list[dict[str, Any]] = [
        {
            "kind": each.kind,
            "file": str(each.file),
            "subject": each.subject,
            "hosts": list(each.hosts),
            "expires": each.not_after.isoformat().replace("+00:00", "Z"),
            "days_left": each.days_left(now),
            "sha256": each.fingerprint,
        }
        for each in folder.shown()
    ]
    if json:
        print_json({"folder": str(folder.path), "changed": changed, "certificates": shown})
        return
    rows = [
        (each["kind"], ", ".join(each["hosts"]), each["expires"][:10], each["days_left"], each["file"])
        for each in shown
    ]
    table(["", "hosts", "over", "days left", "file"], [[escaped(cell) for cell in row] for row in rows])
