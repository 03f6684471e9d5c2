"""tradectl explain"""

from typing import Annotated

import typer

from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import escaped, print_json, state, stderr, stdout
from tradectl.cli.traces import draw
from tradectl.stack.state import sandbox
from tradectl.telemetry.documents import life_json
from tradectl.telemetry.life import life_of
from tradectl.telemetry.spans import nested

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: tradectl explain 01j4…")
def command(
    order: Annotated[str, typer.Argument(help="An order's id.", show_default=False)],
    name: Name = DEFAULT,
    run: Annotated[str, typer.Option(help="A run by its id, 20240808T071000Z.", show_default="the newest")] = "",
    json: Json = False,
) -> None:
    """Show one order through every service, on one time axis: requests, FIX messages, reports, bookings."""
    life = life_of(sandbox(name), order, run)
    if json:
        print_json(life_json(life))
        return
    milliseconds = (life.ended - life.began) / 1_000
    stdout().print(
        f"order [bold]{escaped(order)}[/] {state(life.status)} [dim]{milliseconds:.1f} ms through[/] "
        + " ".join(life.services)
    )
    draw(nested(life.spans))
    for what, why in life.missing.items():
        stderr().print(f"[yellow]![/] {what}: {escaped(why)}")
