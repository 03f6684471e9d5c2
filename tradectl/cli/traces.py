"""tradectl traces"""

from datetime import UTC, datetime
from typing import Annotated

import typer

from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import escaped, print_json, stdout, table
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.state import sandbox
from tradectl.telemetry.choice import source_of
from tradectl.telemetry.documents import heading_json, span_json
from tradectl.telemetry.drawing import bar
from tradectl.telemetry.source import Heading, Span
from tradectl.telemetry.spans import detail, nested

app = typer.Typer(add_completion=False)
Run = Annotated[str, typer.Option(help="A run by its id, 20240808T071000Z.", show_default="the newest")]
WATERFALL = 40
"""Columns of the time axis where a pipe has 140."""
LEVELS = {"warning": "yellow", "error": "bold red", "critical": "bold red"}


@app.command(epilog="Example: tradectl traces --order 01j4…")
def command(
    trace: Annotated[str | None, typer.Argument(help="One trace, span by span.", show_default="the last ones")] = None,
    name: Name = DEFAULT,
    order: Annotated[str, typer.Option(help="Only traces that this order is told of in.", show_default="all")] = "",
    limit: Annotated[int, typer.Option(help="Traces at most.", min=1, max=1_000)] = 20,
    run: Run = "",
    json: Json = False,
) -> None:
    """Show requests across services: the last ones, or one as a waterfall."""
    source = source_of(sandbox(name), run)
    if trace is None:
        _list(source.traces(limit, order), json=json)
        return
    spans = source.spans(trace=trace)
    if not spans:
        hint = "`tradectl traces` lists the last ones; a new one is there after a second"
        raise TradectlError(f"no trace {trace} is kept", hint, ExitCode.NOT_FOUND)
    if json:
        print_json({"id": trace, "spans": [span_json(span, depth) for depth, span in nested(spans)]})
        return
    draw(nested(spans))


def _list(found: list[Heading], *, json: bool) -> None:
    if json:
        print_json({"items": [heading_json(heading) for heading in found]})
        return
    if not found:
        stdout().print("no trace is kept yet; a new one is there after a second")
        return
    table(["trace", "at (UTC)", "what", "ms", "services", "spans", "order"], map(_row, found))


def _row(heading: Heading) -> tuple[object, ...]:
    style = LEVELS.get(heading.level)
    what = escaped(heading.name)
    return (
        heading.id,
        f"{datetime.fromtimestamp(heading.began / 1e6, UTC):%H:%M:%S.%f}"[:-3],
        f"[{style}]{what}[/]" if style else what,
        f"{heading.milliseconds:.1f}",
        " ".join(heading.services),
        heading.spans,
        "\n".join(heading.orders[:2]),
    )


def draw(rows: list[tuple[int, Span]]) -> None:
    """A waterfall: a row a span, its depth, its bar on one time axis."""
    first, last = min(span.began for _, span in rows), max(span.ended for _, span in rows)
    width = max(10, stdout().width - 110) if stdout().is_terminal else WATERFALL
    drawn = (
        (
            span.service,
            f"{'  ' * depth}{escaped(span.name)} [dim]{escaped(detail(span))}[/]",
            f"{(span.began - first) / 1_000:.1f}",
            f"{span.milliseconds:.1f}" if span.ended > span.began else "",
            f"[{LEVELS.get(span.level, 'cyan')}]{bar(span.began, span.ended, first, last, width)}[/]",
        )
        for depth, span in rows
    )
    table(["service", "what", "from ms", "took ms", f"{(last - first) / 1_000:.1f} ms"], drawn)
