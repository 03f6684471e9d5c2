"""tradectl metrics"""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from services.contracts.times import from_rfc3339
from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import escaped, new_table, print_json, print_json_line, stdout
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.logs import moment_since
from tradectl.stack.state import sandbox
from tradectl.telemetry.choice import source_of
from tradectl.telemetry.documents import measure_json
from tradectl.telemetry.drawing import number, spark
from tradectl.telemetry.measures import Measure, base_of, measures

if TYPE_CHECKING:
    from rich.table import Table

app = typer.Typer(add_completion=False)
EVERY = 2.0
"""Seconds between two drawings; the recorder looks every five."""
CURVE = 40


@app.command(epilog="Example: tradectl metrics order_ack_seconds --watch")
def command(
    metric: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Those whose name holds this.", show_default="all")
    ] = None,
    name: Name = DEFAULT,
    part: Annotated[str, typer.Option(help="Of one part or process.", show_default="all")] = "",
    since: Annotated[str, typer.Option(help="10m, 2h, or a time in RFC 3339.")] = "15m",
    by_label: Annotated[bool, typer.Option("--by-label", help="A row for each route, status, symbol, ...")] = False,
    run: Annotated[str, typer.Option(help="A run by its id, 20240808T071000Z.", show_default="the newest")] = "",
    watching: Annotated[bool, typer.Option("--watch", help="Go on until interrupted.")] = False,
    json: Json = False,
) -> None:
    """Show what is measured, as curves: rates, latencies, processors and memory."""
    place, wanted = sandbox(name), base_of(metric or "")

    def look() -> list[Measure]:
        moment = from_rfc3339(moment_since(since))
        found = measures(source_of(place, run).series(moment), by_label=by_label)
        return [each for each in found if wanted in each.name and part in ("", each.part)]

    if watching:
        with suppress(KeyboardInterrupt):  # which is how watching ends
            _watch(look, json=json)
        return
    found = look()
    if not found:
        hint = "`tradectl metrics` lists all; the first look is some seconds after `tradectl up`"
        raise TradectlError("nothing of that name was measured", hint, ExitCode.NOT_FOUND)
    if json:
        print_json({"items": [measure_json(each) for each in found]})
        return
    stdout().print(_table(found))


def _watch(look: Callable[[], list[Measure]], *, json: bool) -> None:
    """JSON is a line a look; a table is drawn over."""
    if json:
        while True:
            print_json_line({"items": [measure_json(each) | {"points": []} for each in look()]})
            time.sleep(EVERY)
    from rich.live import Live

    with Live(_table(look()), console=stdout(), auto_refresh=False) as live:
        while True:
            time.sleep(EVERY)
            live.update(_table(look()), refresh=True)


def _table(found: list[Measure]) -> "Table":
    drawn = new_table(["part", "metric", "now", "least", "most", "curve"])
    for each in found:
        values = each.values
        said = " ".join(f"{name}={value}" for name, value in each.labels.items())
        drawn.add_row(
            each.part,
            f"{each.name} [dim]{escaped(said)}[/]",
            number(each.now, each.unit),
            number(min(values, default=None), each.unit),
            number(max(values, default=None), each.unit),
            f"[cyan]{spark(values, CURVE)}[/]",
        )
    return drawn
