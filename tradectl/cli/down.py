"""tradectl down"""

from typing import Annotated

import typer

from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.stack import lifecycle
from tradectl.stack.state import existing, sandbox

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: tradectl down --keep-data")
def command(
    name: Name = DEFAULT,
    everything: Annotated[bool, typer.Option("--all", help="Every sandbox.")] = False,
    keep_data: Annotated[bool, typer.Option("--keep-data", help="Keep accounts, orders and market for `up`.")] = False,
    json: Json = False,
) -> None:
    """Stop the platform and leave nothing behind.

    Processes and ports are gone, and it checks that they are. The sandbox's data is removed too, unless --keep-data.
    """
    from tradectl.cli.output import print_json, stdout

    places = existing() if everything else [sandbox(name)]
    done = [
        {"name": place.name, "existed": place.exists, "ran": lifecycle.down(place, keep_data=keep_data)}
        for place in places
    ]
    if json:
        print_json({"sandboxes": done, "data_kept": keep_data})
        return
    for each in done:
        what = "is down" if each["ran"] else "was not running"
        data = f"; its data is {'kept' if keep_data else 'removed'}" if each["existed"] else ""
        stdout().print(f"sandbox {each['name']} {what}{data}")
    if not done:
        stdout().print("there is no sandbox")
