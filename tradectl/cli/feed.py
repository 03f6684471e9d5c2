"""tradectl feed"""

from pathlib import Path

import typer

from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import escaped, print_json, table
from tradectl.cli.running import ask, endpoints

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: tradectl feed --json")
def command(name: Name = DEFAULT, json: Json = False) -> None:
    """Show where each market's prices come from."""
    items = ask("GET", f"{endpoints(name)['venue.http']}/feeds")["items"]
    if json:
        print_json({"items": items})
        return
    rows = [
        (
            row["symbol"],
            row["kind"],
            row["time"][:19].replace("T", " "),
            f"{row['line']:,}",
            f"{row['lag'] / 1_000:.0f} ms",
            escaped(Path(row["file"]).name),
        )
        for row in items
    ]
    table(["symbol", "prices from", "market time", "line or step", "behind the clock", "file"], rows)
