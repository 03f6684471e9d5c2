"""tradectl digest"""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import escaped, print_json, stdout, table
from tradectl.cli.running import sources
from tradectl.digest.differing import Differing, differing, saved
from tradectl.digest.digest import Digest, digest
from tradectl.errors import ExitCode
from tradectl.probes.settled import await_rest

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: tradectl digest --show > run-1.jsonl")
def command(
    show: Annotated[bool, typer.Option("--show", help="Print what goes in, one JSON line a row.")] = False,
    diff: Annotated[
        tuple[Path, Path] | None,
        typer.Option(metavar="A B", help="Say where two files of --show differ.", show_default=False),
    ] = None,
    timeout: Annotated[float, typer.Option(help="Seconds to come to rest.", min=0.1)] = 30.0,
    name: Name = DEFAULT,
    json: Json = False,
) -> None:
    """Hash accounts, orders, fills, cash and positions, to tell whether two runs are the same.

    It waits until nothing is under way. Ids and wall times are left out.
    """
    if diff is not None:
        _compare(*diff, json=json)
        return
    read = sources(name)
    await_rest(read.settled(), timeout, hint="`tradectl audit` shows what it is about; --timeout gives it longer")
    _print(digest(read), show=show, json=json)


def _print(found: Digest, *, show: bool, json: bool) -> None:
    if json:
        document = {"digest": found.value, "counted": found.counted}
        print_json({**document, "lines": found.lines} if show else document)
    elif show:
        sys.stdout.write("".join(f"{line}\n" for line in found.lines))
    else:
        counted = ", ".join(f"{count} {kind}s" for kind, count in found.counted.items() if kind != "cash")
        stdout().print(f"[bold]{found.value}[/] [dim]{counted}[/]", soft_wrap=True)


def _compare(left: Path, right: Path, *, json: bool) -> None:
    found = differing(saved(left), saved(right))
    if json:
        print_json({"same": not found, "differences": [{**asdict(each), "columns": each.columns} for each in found]})
    elif not found:
        stdout().print("[bold green]the same[/]")
    for each in () if json else found:
        _show(each, left.name, right.name)
    if found:
        raise typer.Exit(ExitCode.CHECK_FAILED)


def _show(each: Differing, left: str, right: str) -> None:
    names = each.columns or list(each.left or each.right or {})
    row = each.left or each.right or {}
    whose = " ".join(str(row[name]) for name in ("account", "client_order_id", "currency", "symbol") if row.get(name))
    shown = [(name, *(escaped((side or {}).get(name, "no row")) for side in (each.left, each.right))) for name in names]
    table(["", left, right], shown, title=f"{each.kind} {each.number}: {escaped(whose)}")
