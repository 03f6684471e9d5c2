"""tradectl export"""

from pathlib import Path
from typing import Annotated

import typer

from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import escaped, print_json, stderr, stdout
from tradectl.export.archive import default_path, write
from tradectl.export.pieces import Report, there
from tradectl.stack.state import sandbox

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: tradectl export --out report.tar.gz")
def command(
    name: Name = DEFAULT,
    out: Annotated[
        Path | None, typer.Option(help="The file; else one in this folder.", dir_okay=False, show_default=False)
    ] = None,
    lines: Annotated[int, typer.Option(help="Of each log, the last ones.", min=1)] = 5_000,
    quick: Annotated[bool, typer.Option("--quick", help="Without rows and audit, which read everything.")] = False,
    json: Json = False,
) -> None:
    """Write a bug report: what runs, how it is, logs, traces, events, FIX messages and the audit.

    Passwords, keys, tokens and codes are masked. Of a sandbox that is down it holds what lies on the disk.
    """
    place = sandbox(name)
    there(place)
    report = Report(place, lines, quick=quick)
    written = write(report, out or default_path(report), _nothing if json else _progress)
    if json:
        print_json(
            {
                "path": str(written.path.absolute()),
                "bytes": written.size,
                "pieces": written.pieces,
                "missing": written.missing,
            }
        )
        return
    for piece, why in written.missing.items():
        stderr().print(f"[yellow]![/] {piece}: {escaped(why)}")
    stdout().print(f"{written.path} [dim]{len(written.pieces)} pieces, {written.size / 1024:.0f} KiB[/]")


def _nothing(_: str) -> None:
    """JSON comes at the end, whole."""


def _progress(piece: str) -> None:
    if stderr().is_terminal:
        stderr().print(f"[dim]{piece}[/]")
