"""Facts as Rich text: states in their colours, waterfalls, curves."""

from collections.abc import Sequence

from rich.text import Text

from tradectl.stack.logs import Line
from tradectl.telemetry.drawing import bar, number, plot
from tradectl.telemetry.measures import Measure
from tradectl.telemetry.source import Span
from tradectl.telemetry.spans import detail

STATES = {
    **dict.fromkeys(("ready", "ok", "up", "running"), "green"),
    **dict.fromkeys(("starting", "degraded", "stopped", "waiting", "elsewhere", "paused"), "yellow"),
    **dict.fromkeys(("down", "failed", "exited", "absent", "error", "critical"), "bold red"),
    "warning": "yellow",
}
SERVICES, NAMES, DETAILS = 15, 34, 26
"""Columns of a span's service and name, and what is left to what else its line said."""
NUMBERS = 17
NARROWEST = 60
"""Columns; a pane that was hidden meanwhile has none."""
SHOWN_FIRST = ("time", "level", "service", "event")


def state(word: str) -> Text:
    """In its colour."""
    return Text(word, STATES.get(word, ""))


def waterfall(rows: Sequence[tuple[int, Span]], width: int) -> Text:
    """A row a span: service, name, when, how long, a bar on one axis, what else it said."""
    if not rows:
        return Text("nothing yet", "dim")
    first, last = min(span.began for _, span in rows), max(span.ended for _, span in rows)
    names = min(NAMES, max(width, NARROWEST) // 4)
    axis = max(10, width - SERVICES - names - NUMBERS - DETAILS - 4)
    whole = f"{(last - first) / 1_000:.1f} ms"
    drawn = Text(no_wrap=True, overflow="ellipsis")
    drawn.append(f"{'service':<{SERVICES}} {'what':<{names}} {'from ms':>8} {'took':>7} {whole}\n", "bold")
    for depth, span in rows:
        name = ("  " * depth + span.name)[:names]
        took = f"{span.milliseconds:.1f}" if span.ended > span.began else ""
        drawn.append(f"{span.service:<{SERVICES}} {name:<{names}} {(span.began - first) / 1_000:>8.1f} {took:>7} ")
        drawn.append(bar(span.began, span.ended, first, last, axis).ljust(axis), STATES.get(span.level, "cyan"))
        drawn.append(f" {detail(span)}\n", "dim")
    return drawn


def curve(measure: Measure, width: int, height: int) -> Text:
    """A measure as a plot, with its least, most and last value."""
    values = measure.values
    if not values:
        return Text(f"{measure.part} {measure.name}: nothing yet", "dim")
    drawn = Text(f"{measure.part} {measure.name}\n", "bold")
    for value, line in plot(values, max(10, width - 14), max(2, height - 3)):
        drawn.append(f"{number(value, measure.unit):>12} ")
        drawn.append(f"{line}\n", "cyan")
    least, most = number(min(values), measure.unit), number(max(values), measure.unit)
    return drawn.append(f"least {least}   most {most}   now {number(measure.now, measure.unit)}", "dim")


def log_line(line: Line) -> Text:
    """As `tradectl logs` draws it, but for ids: they are long, and come last."""
    level = str(line.get("level", "info"))
    told = sorted((key for key in line if key not in SHOWN_FIRST), key=lambda key: key.endswith("_id"))
    rest = " ".join(f"{key}={line[key]}" for key in told)
    return Text.assemble(
        (str(line.get("time", ""))[11:23], "dim"),
        f" {line.get('service', '')!s:<15} ",
        (f"{level:<8} ", STATES.get(level, "dim")),
        f"{line.get('event', '')} ",
        (rest, "dim"),
    )
