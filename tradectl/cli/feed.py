"""tradectl feed"""

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
    columns = list(dict.fromkeys(column for row in items for column in row))
    table(columns, [[escaped(row.get(column, "")) for column in columns] for row in items])
