"""Facts as Rich text: states in their colours, waterfalls, curves."""

from collections.abc import Sequence

from rich.text import Text

from tradectl.dash.colours import DRAWN, QUIET, colour, of_state
from tradectl.dash.words import t
from tradectl.looks.glyphs import ascii_only, g
from tradectl.stack.logs import Line
from tradectl.telemetry.drawing import bar, number, plot
from tradectl.telemetry.drawing import spark as sparkline
from tradectl.telemetry.measures import Measure
from tradectl.telemetry.source import Span
from tradectl.telemetry.spans import detail

SERVICES, NAMES, DETAILS = 15, 34, 26
"""Columns of a span's service and name, and what is left to what else its line said."""
NUMBERS = 17
NARROWEST = 60
"""Columns; a pane that was hidden meanwhile has none."""
SHOWN_FIRST = ("time", "level", "service", "event")


def state(word: str) -> Text:
    """In its colour."""
    return Text(word, of_state(word))


def quiet(words: str) -> Text:
    """What stands in the background."""
    return Text(words, QUIET)


def spark(values: Sequence[float], width: int) -> Text:
    """Small, in one row."""
    return Text(sparkline(values, width, ascii_only=ascii_only()), colour(DRAWN))


def waterfall(rows: Sequence[tuple[int, Span]], width: int) -> Text:
    """A row a span: service, name, when, how long, a bar on one axis, what else it said."""
    if not rows:
        return quiet(t("pane.nothing"))
    first, last = min(span.began for _, span in rows), max(span.ended for _, span in rows)
    names = min(NAMES, max(width, NARROWEST) * 3 // 10)
    axis = max(10, width - SERVICES - names - NUMBERS - DETAILS - 4)
    heads = (t("col.service"), t("col.what"), t("col.from"), t("col.took"))
    drawn = Text(no_wrap=True, overflow="ellipsis")
    drawn.append("{:<{}} {:<{}} {:>8} {:>7} ".format(heads[0], SERVICES, heads[1], names, *heads[2:]), "bold")
    drawn.append(f"{ruler((last - first) / 1_000, axis)}\n", QUIET)
    for depth, span in rows:
        name = ("  " * depth + span.name)[:names]
        took = f"{span.milliseconds:.1f}" if span.ended > span.began else ""
        drawn.append(f"{span.service:<{SERVICES}} {name:<{names}} {(span.began - first) / 1_000:>8.1f} {took:>7} ")
        mark = bar(span.began, span.ended, first, last, axis, ascii_only=ascii_only())
        drawn.append(mark.ljust(axis), of_state(span.level, colour(DRAWN)))
        drawn.append(f" {detail(span)}\n", QUIET)
    return drawn


def ruler(milliseconds: float, width: int) -> str:
    """The axis of a waterfall: its begin and its end."""
    edge, end = g("bar"), f"{milliseconds:.1f} {t('col.ms')}"
    return f"{edge}0{end:>{width - 3}}{edge}"


def curve(measure: Measure, width: int, height: int) -> Text:
    """A measure as a plot, with its least, most and last value."""
    values = measure.values
    if not values:
        return quiet(t("metrics.nothing", part=measure.part, name=measure.name))
    drawn = Text(f"{measure.part} {measure.name}\n", "bold")
    for value, line in plot(values, max(10, width - 14), max(2, height - 3), ascii_only=ascii_only()):
        drawn.append(f"{number(value, measure.unit):>12} ")
        drawn.append(f"{line}\n", colour(DRAWN))
    least, most, now = (number(value, measure.unit) for value in (min(values), max(values), measure.now))
    return drawn.append(t("metrics.range", least=least, most=most, now=now), QUIET)


def log_line(line: Line) -> Text:
    """As `tradectl logs` draws it, but for ids: they are long, and come last."""
    level = str(line.get("level", "info"))
    told = sorted((key for key in line if key not in SHOWN_FIRST), key=lambda key: key.endswith("_id"))
    rest = " ".join(f"{key}={line[key]}" for key in told)
    return Text.assemble(
        (str(line.get("time", ""))[11:23], QUIET),
        f" {line.get('service', '')!s:<15} ",
        (f"{level:<8} ", of_state(level, QUIET)),
        f"{line.get('event', '')} ",
        (rest, QUIET),
    )
