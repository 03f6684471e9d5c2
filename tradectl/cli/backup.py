"""tradectl backup"""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradectl.cli import backups
from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import print_json, print_json_line, stderr, stdout, table
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.change import flag
from tradectl.stack.state import sandbox

if TYPE_CHECKING:
    from tradectl.backup.ship import Shipper

HELP = """Copy a sandbox to where it outlives this machine, prove the copy, and put it back.

Full backups and, on containers, the primary's binary logs; compressed, sealed by a key of yours, in a folder or any S3.
"""
app = typer.Typer(add_completion=False, no_args_is_help=True, help=HELP)

Place = Annotated[
    str | None,
    typer.Option(
        "--to",
        envvar="TRADECTL_BACKUP_STORE",
        help="A folder, or s3://bucket/prefix?endpoint=URL.",
        show_default="backups beside the sandboxes",
    ),
]
KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--key-file",
        envvar="TRADECTL_BACKUP_KEY_FILE",
        help="The key; else TRADECTL_BACKUP_KEY holds it.",
        show_default=False,
    ),
]
Which = Annotated[
    str | None, typer.Argument(metavar="[BACKUP]", help="Its id; the last one without.", show_default=False)
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
Lock = Annotated[
    int | None, typer.Option("--lock-days", help="Have the store keep it so many days, where it can.", min=1)
]


@app.command("key", epilog="Example: tradectl backup key backup.key")
def key_(
    file: Annotated[Path, typer.Argument(help="Where to write it.", show_default=False)], json: Json = False
) -> None:
    """Make a key, in a new file that you alone can read. Who loses it loses the backups."""
    from tradectl.backup.key import make

    make(file)
    if json:
        print_json({"key_file": str(file.absolute())})
        return
    stdout().print(f"export TRADECTL_BACKUP_KEY_FILE={file.absolute()}", soft_wrap=True)


@app.command(epilog="Example: tradectl backup create --to 's3://backups/desk?endpoint=http://127.0.0.1:7070'")
def create(
    name: Name = DEFAULT,
    to: Place = None,
    key_file: KeyFile = None,
    lock_days: Lock = None,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Make a full backup, while everything goes on.

    What breaks off leaves no backup, and those before it are as they were.
    """
    from tradectl.backup import address, key
    from tradectl.backup.create import create as made
    from tradectl.backup.server.create import create as of_server
    from tradectl.backup.store import store_at

    store, opened = store_at(to), key.given(key_file)
    with backups.noted(name):
        login = address.of(sandbox(name))
        if login:
            manifest = of_server(login, name, store, opened, backups.listener(quiet, json), keep=lock_days)
        else:
            manifest = made(sandbox(name), store, opened, backups.listener(quiet, json), keep=lock_days)
    backups.note(name, backups.figures(manifest))
    if json:
        print_json(backups.document(manifest, store.name))
        return
    if lock_days and not store.locks:
        stderr().print(f"[yellow]![/] {store.name} has no object lock")
    said = f"{sum(manifest.rows.values())} rows, {manifest.size / 2**20:.1f} MiB, {manifest.seconds:.1f} s"
    stdout().print(f"backup {manifest.id} of sandbox {name} is in {store.name} [dim]{said}[/]", soft_wrap=True)


@app.command("list", epilog="Example: tradectl backup list")
def list_(name: Name = DEFAULT, to: Place = None, json: Json = False) -> None:
    """Show the backups of a sandbox, oldest first. No key is needed."""
    from tradectl.backup.catalogue import shelf
    from tradectl.backup.store import store_at

    store = store_at(to)
    there = shelf(store, sandbox(name).name)
    found = there.backups
    for error in there.unreadable.values():
        stderr().print(f"[yellow]![/] {error.message}", highlight=False)
    if json:
        print_json(
            [{**backups.document(each.manifest, store.name), "verified": backups.when(each.verified)} for each in found]
        )
        return
    if not found:
        stdout().print(f"{store.name} has no backup of sandbox {name}; [cyan]tradectl backup create[/] makes one")
        return
    table(
        ["backup", "taken", "backend", "rows", "MiB", "seconds", "tradectl", "verified"],
        [backups.row(each) for each in found],
    )


@app.command(epilog="Example: tradectl backup verify --deep")
def verify(
    backup: Which = None,
    name: Name = DEFAULT,
    to: Place = None,
    key_file: KeyFile = None,
    deep: Annotated[bool, typer.Option("--deep", help="Also put it into a database that is thrown away.")] = False,
    json: Json = False,
) -> None:
    """Read a backup back: each byte opened, each checksum held, each row counted. Nothing is put anywhere.

    So are the binary logs that were shipped since the backup before it: a gap in them is named, with the last moment
    that can be reached.
    """
    from tradectl.backup import key, metrics
    from tradectl.backup.store import store_at
    from tradectl.backup.verify import verify as checked

    store, opened = store_at(to), key.given(key_file)
    with backups.noted(name):
        done = checked(store, sandbox(name).name, opened, backup, deep=deep)
    backups.note(name, {metrics.VERIFIED: done.backup.verified / 1_000_000})
    made = done.backup.manifest
    if json:
        print_json(
            {
                **backups.document(made, store.name),
                "rows": done.rows,
                "deep": deep,
                "seconds": round(done.seconds, 3),
                "logs": {**asdict(done.logs), "until": backups.when(done.logs.until)},
            }
        )
        return
    how = "whole, and a database took it" if done.deep else "whole"
    stdout().print(f"[green]backup {made.id} is {how}[/] [dim]{done.rows} rows counted, {done.seconds:.1f} s[/]")
    if made.log:
        stdout().print(backups.chain(done.logs))


@app.command(epilog="Example: tradectl backup restore --at 2026-11-30T03:15:00Z")
def restore(
    backup: Annotated[
        str | None, typer.Argument(metavar="[BACKUP]", help="Exactly this one.", show_default="as late as can be")
    ] = None,
    name: Name = DEFAULT,
    at: Annotated[str | None, typer.Option(help="A moment, as 2026-11-30T03:15:00Z.", show_default=False)] = None,
    to: Place = None,
    key_file: KeyFile = None,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Put a sandbox back, to a backup or by the binary logs to a moment; what came after it is gone.

    On containers the databases are made anew, the replica too, and the FIX session and what the broker did meanwhile
    are taken up again: the outside world stays as it is. On embedded parts it is put back as well.
    """
    from tradectl.backup import address, key
    from tradectl.backup.restore import Wanted
    from tradectl.backup.restore import restore as put_back
    from tradectl.backup.server.restore import restore as put_on_server
    from tradectl.backup.store import store_at

    said = (f" {backup}" if backup else "") + (f" --at {at}" if at else "")
    wanted = Wanted(backup=backup, at=backups.moment(at) if at else None, said=said, store=to or "")
    store, opened, listen = store_at(to), key.given(key_file), backups.listener(quiet, json)
    login = address.given()
    if login:
        done = put_on_server(login, name, store, opened, wanted, listen)
    else:
        done = put_back(sandbox(name), store, opened, wanted, listen)
    if json:
        print_json(
            {
                "id": done.manifest.id,
                "sandbox": name,
                "moment": backups.when(done.moment),
                "running": done.running,
                "transactions": done.replaced.transactions,
                "events": done.replaced.events,
                "adopted": done.adopted,
                "seconds": round(done.seconds, 3),
                "then": done.then(flag(sandbox(name))),
            }
        )
        return
    then = "it runs" if done.running else "its services may start" if login else "[cyan]tradectl up[/] starts it"
    more = f", {done.replaced.transactions} transactions of the log" if done.replaced.transactions else ""
    took = f"backup {done.manifest.id}{more}, {done.seconds:.1f} s"
    stdout().print(
        f"{f'{login}' if login else f'sandbox {name}'} is as it was {backups.when(done.moment)}; {then} [dim]{took}[/]"
    )
    backups.show_adopted(done.adopted)
    for number, command in enumerate(done.then(flag(sandbox(name)))):
        stdout().print(f"{'then' if number else 'next'} [cyan]{command}[/]")


@app.command(epilog="Example: tradectl backup adopt")
def adopt(name: Name = DEFAULT, json: Json = False) -> None:
    """After a restore of what did not run: take over from the broker's record what he did in the time that is lost.

    A restore of a platform that runs has done it. Again it changes nothing.
    """
    from tradectl.backup.aftermath import adopt as taken_over
    from tradectl.backup.create import check_ours
    from tradectl.stack.backends.choice import backend_of
    from tradectl.stack.snapshots.save import check_there

    check_there(sandbox(name))
    backend = backend_of(sandbox(name))
    check_ours(backend)
    if not sandbox(name).in_use():
        raise TradectlError(f"sandbox {name} does not run", f"`tradectl up{flag(sandbox(name))}`", ExitCode.NOT_UP)
    done = taken_over(backend)
    if json:
        print_json(done)
        return
    backups.show_adopted(done)


@app.command(epilog="Example: tradectl backup ship --every 2")
def ship(
    name: Name = DEFAULT,
    every: Annotated[float, typer.Option(help="Seconds from one look to the next.", min=0.2)] = 2.0,
    lasting: Annotated[float | None, typer.Option("--for", help="Seconds; else until Ctrl-C.", min=0.1)] = None,
    to: Place = None,
    key_file: KeyFile = None,
    lock_days: Lock = None,
    metrics: Annotated[
        str,
        typer.Option(help="Show Prometheus, at this PORT or HOST:PORT, what was shipped and what the store has."),
    ] = "",
    json: Json = False,
) -> None:
    """Ship the primary's binary logs as they are written; this stays.

    With them a restore reaches any moment since a full backup. When the primary or the store is away it says so, and
    goes on when they are back.
    """
    from tradectl.backup import address, key
    from tradectl.backup.following import follow, of
    from tradectl.backup.ship import of_server
    from tradectl.backup.store import store_at

    store, opened, looked = store_at(to), key.given(key_file), backups.Rarely()

    def tell(done: "Shipper", sent: int) -> None:
        backups.note_shipped(name, done, sent)
        if metrics and looked.due():
            backups.note(name, backups.stored(store, name))
        if json:
            print_json_line({"shipped": backups.when(done.shipped), "bytes": sent})
        elif sent:
            stdout().print(f"[dim]{backups.when(done.shipped)}[/] {sent} bytes of {max(done.reached)} are shipped")

    def lost(error: TradectlError) -> None:
        backups.failed(name)
        stderr().print(f"[yellow]![/] {error.message}", highlight=False)

    login = address.of(sandbox(name))
    source = of_server(login, name) if login else of(sandbox(name))
    if metrics:
        backups.show(metrics, name)
    try:
        follow(source, store, opened, every, lasting, tell, lost, keep=lock_days)
    except KeyboardInterrupt:
        return


@app.command(epilog="Example: tradectl backup drill --rate 10 --for 10")
def drill(
    name: Name = DEFAULT,
    rate: Annotated[float, typer.Option(help="Orders a second until the loss.", min=0.2)] = 10.0,
    lasting: Annotated[float, typer.Option("--for", help="Seconds of load before the loss.", min=1)] = 10.0,
    to: Place = None,
    key_file: KeyFile = None,
    quiet: Quiet = False,
    json: Json = False,
) -> None:
    """Lose the primary under load, restore, and say what it cost. The sandbox's database is dropped for it.

    Ends with 1 when an order is missing that was acknowledged more than five seconds before the loss, or when the books
    do not agree with the venue.
    """
    from tradectl.backup import key, metrics
    from tradectl.backup.drill import PROMISED
    from tradectl.backup.drill import drill as rehearsed
    from tradectl.backup.store import store_at

    store, opened = store_at(to), key.given(key_file)
    done = rehearsed(sandbox(name), store, opened, backups.listener(quiet, json), rate=rate, seconds=lasting)
    backups.note(name, {**backups.figures(done.made), metrics.RPO: done.rpo, metrics.RTO: done.rto})
    if json:
        print_json(
            {
                "ok": done.ok,
                "rpo": round(done.rpo, 3),
                "rto": round(done.rto, 3),
                "acknowledged": done.acknowledged,
                "lost": done.lost,
                "broken": done.broken,
                "adopted": done.restored.adopted,
                "transactions": done.restored.replaced.transactions,
                "differences": [{"rule": each.rule, **asdict(each.difference)} for each in done.differences],
                "sent": [{"rule": each.rule, **asdict(each.difference)} for each in done.sent],
                "phases": done.phases,
            }
        )
    else:
        taken = len(done.restored.adopted.get("adopted", []))
        stdout().print(
            f"RPO [bold]{done.rpo:.2f} s[/], RTO [bold]{done.rto:.1f} s[/] [dim]{done.phases}[/]", soft_wrap=True
        )
        stdout().print(f"{done.acknowledged} orders were acknowledged before the loss; {len(done.lost)} are gone,")
        stdout().print(
            f"{len(done.broken)} of them older than {PROMISED:g} s; {taken} were taken over from the venue's record"
        )
        if done.sent:
            stdout().print(f"{len(done.sent)} mails or pushes of the lost time had gone out already")
        said = (
            "[bold red]the books differ: `tradectl audit`[/]"
            if done.differences
            else "[green]every account agrees with the venue[/]"
        )
        stdout().print(said)
    if not done.ok:
        raise typer.Exit(ExitCode.CHECK_FAILED)


@app.command(epilog="Example: tradectl backup prune --days 7 --weeks 4 --months 12 --dry-run")
def prune(
    name: Name = DEFAULT,
    days: Annotated[int, typer.Option(help="Days of which the last backup stays.", min=0)] = 7,
    weeks: Annotated[int, typer.Option(help="Weeks.", min=0)] = 4,
    months: Annotated[int, typer.Option(help="Months.", min=0)] = 12,
    dry: Annotated[bool, typer.Option("--dry-run", help="Say it and do nothing.")] = False,
    to: Place = None,
    json: Json = False,
) -> None:
    """Remove the backups that retention lets go: never one before a newer one is verified."""
    from tradectl.backup.pruning import prune as removed
    from tradectl.backup.retention import Policy
    from tradectl.backup.store import store_at

    done = removed(store_at(to), sandbox(name).name, Policy(days, weeks, months), dry=dry)
    if json:
        print_json(done)
        return
    would = "would go" if dry else "went"
    stdout().print(f"{len(done.removed)} backups {would}: {', '.join(done.removed) or 'none'}")
    stdout().print(f"[dim]{done.logs} pieces of logs and {done.unfinished} of what never became a backup {would}[/]")
    for backup, until in done.locked.items():
        stdout().print(f"[yellow]![/] {backup} is locked by its store until {until}")


@app.command(epilog="Example: tradectl backup metrics")
def metrics(name: Name = DEFAULT, json: Json = False) -> None:
    """Print the page for Prometheus' textfile collector, as it lies in TRADECTL_BACKUP_METRICS."""
    from tradectl.backup.metrics import parsed
    from tradectl.backup.paths import page_of

    page = page_of(sandbox(name).name)
    if not page.exists():
        raise TradectlError("nothing was backed up yet", "`tradectl backup create`", ExitCode.NOT_FOUND)
    if json:
        print_json(parsed(page.read_text(encoding="ascii")))
        return
    typer.echo(page.read_text(encoding="ascii"), nl=False)
