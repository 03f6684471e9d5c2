"""tradectl gc"""

from typing import Annotated, Any

import typer

from tradectl.cli.options import Json
from tradectl.cli.output import escaped, print_json, stdout, table
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack import leftovers
from tradectl.stack.containers import labelled
from tradectl.stack.snapshots import shelf

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: tradectl gc --dry-run")
def command(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be removed, and remove nothing.")] = False,
    json: Json = False,
) -> None:
    """Remove what crashes left: processes, containers, networks, volumes.

    Left is what belongs to a sandbox that is gone, whose start was killed, or that nothing supervises any more; of the
    last two, what had been up before keeps its data. So is a snapshot that was never whole; others are kept. What runs,
    or is being started, is not touched. An engine keeps one unused database for each image, from which new ones are
    copied: it goes when its image has gone.
    """
    found, drafts, outlived = leftovers.find(), shelf.orphans(), leftovers.outlived()
    left = [] if dry_run else [failure for each in found if (failure := _remove(each))]
    for draft in [] if dry_run else drafts:
        shelf.discard(draft)
    if not dry_run:
        labelled.remove(outlived, gently=False)
    rows = (
        [
            {"kind": "snapshot", "name": str(path), "sandbox": path.parent.name, "why": "its `save` or `rm` was killed"}
            for path in drafts
        ]
        + [
            {"kind": each.kind, "name": each.name, "sandbox": "", "why": "the image that it is for is gone"}
            for each in outlived
        ]
        + [
            {"kind": kind, "name": name, "sandbox": each.sandbox.name, "why": each.verdict.why}
            for each in found
            for kind, name in each.rows()
        ]
    )
    if json:
        print_json({"removed": not dry_run, "leftovers": rows, "failures": left})
    else:
        _show(rows, dry_run=dry_run)
    if left:
        raise TradectlError("; ".join(left), "`docker ps -a` shows what holds it", ExitCode.LEFT_BEHIND)


def _remove(leftover: leftovers.Leftover) -> str | None:
    """One that cannot be removed keeps none of the others."""
    try:
        leftovers.remove(leftover)
    except TradectlError as error:
        return error.message
    return None


def _show(rows: list[dict[str, Any]], *, dry_run: bool) -> None:
    if not rows:
        stdout().print("nothing is left")
        return
    table(["", "name", "sandbox", "why"], [[escaped(cell) for cell in row.values()] for row in rows])
    stdout().print("nothing was removed" if dry_run else "all of this is removed")
