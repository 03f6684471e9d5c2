"""tradectl logs"""

import json as jsonlib
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import nullcontext, suppress
from enum import StrEnum
from typing import Annotated

import typer

from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import escaped, stdout
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.logs import Filter, Line, follow, merged, moment_since
from tradectl.stack.state import Sandbox, sandbox
from tradectl.stack.topology import PARTS
from tradectl.telemetry.acts import TOOL
from tradectl.telemetry.choice import named
from tradectl.telemetry.stores import Stores

app = typer.Typer(add_completion=False)
SOURCES = (*PARTS, "host", "sim", TOOL)
COLOURS = ("cyan", "green", "magenta", "blue", "yellow", "bright_cyan", "bright_green", "bright_magenta", "bright_blue")
SHOWN_FIRST = ("time", "level", "service", "event")


class Level(StrEnum):
    """How grave a line is."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@app.command(epilog="Example: tradectl logs orders --order 01j4… --since 10m -f")
def command(
    service: Annotated[
        list[str] | None, typer.Argument(help="Which parts; all without one.", show_default=False)
    ] = None,
    name: Name = DEFAULT,
    following: Annotated[bool, typer.Option("--follow", "-f", help="Go on as lines come.")] = False,
    order: Annotated[str | None, typer.Option(help="Only lines about this order.")] = None,
    user: Annotated[str | None, typer.Option(help="Only lines about this user.")] = None,
    trace: Annotated[str | None, typer.Option(help="Only lines of this trace.")] = None,
    level: Annotated[Level, typer.Option(help="The least grave level to show.")] = Level.DEBUG,
    since: Annotated[str | None, typer.Option(help="10m, 2h, or a time in RFC 3339.")] = None,
    json: Json = False,
) -> None:
    """Show the log lines of all parts, merged by time."""
    place = sandbox(name)
    wanted_fields = {"order_id": order, "user_id": user, "trace_id": trace}
    fields = {field: value for field, value in wanted_fields.items() if value is not None}
    wanted = Filter(fields, level.value, moment_since(since) if since else "")
    _known(service or SOURCES)
    if (trace or order) and not following and named().loki:
        lines = _in_loki(service or (), wanted)
    else:
        lines = _in_files(place, service or SOURCES, wanted, following)
    write = _show_json if json else show
    with suppress(KeyboardInterrupt) if following else nullcontext():  # which is how following ends
        for line in lines:
            write(line)


def _in_loki(parts: Collection[str], wanted: Filter) -> Iterator[Line]:
    """Of a trace or an order; of all parts where none is named."""
    asked = {"trace": wanted.fields.get("trace_id", ""), "order": wanted.fields.get("order_id", "")}
    for line in Stores(named()).lines(**asked):
        if wanted.admits(line) and (not parts or line.get("service") in parts):
            yield line


def _in_files(place: Sandbox, parts: Iterable[str], wanted: Filter, following: bool) -> Iterator[Line]:
    """As they lie in the sandbox; TradectlError when there is none."""
    if not place.logs.is_dir():
        raise TradectlError(f"there is no sandbox {place.name}", "`tradectl ps --all` lists them", ExitCode.NOT_FOUND)
    backend = backend_of(place)
    paths = [path for part in parts for path in backend.logs(part)]
    return follow(paths, wanted) if following else merged(paths, wanted)


def _known(parts: Iterable[str]) -> None:
    for part in parts:
        if part not in SOURCES:
            raise TradectlError(f"there is no service {part!r}", f"one of: {', '.join(SOURCES)}", ExitCode.NOT_FOUND)


def _show_json(line: Line) -> None:
    sys.stdout.write(jsonlib.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def show(line: Line) -> None:
    """Draw a line for a person."""
    service, level = str(line.get("service", "")), str(line.get("level", "info"))
    colour = COLOURS[SOURCES.index(service) % len(COLOURS)] if service in SOURCES else "white"
    grave = {"warning": "yellow", "error": "bold red", "critical": "bold red"}.get(level, "dim")
    rest = " ".join(f"{key}={value}" for key, value in line.items() if key not in SHOWN_FIRST)
    stdout().print(
        f"[dim]{str(line.get('time', ''))[11:23]}[/] [{colour}]{service:<15}[/] [{grave}]{level:<8}[/]"
        f"{escaped(line.get('event', ''))} [dim]{escaped(rest)}[/]",
        soft_wrap=True,
    )
