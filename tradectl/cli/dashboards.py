"""tradectl dashboards"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradectl.cli.options import Json
from tradectl.cli.output import escaped, print_json, state, stderr, table, write
from tradectl.cli.watchers import PROMETHEUS, Loki, Prometheus
from tradectl.errors import ExitCode, TradectlError

if TYPE_CHECKING:
    from tradectl.dashboards.asking import Answer, Sight
    from tradectl.dashboards.model import Board

HELP = """Show Grafana's dashboards without Grafana: draw one as a picture, or look whether each panel has data.

Each panel's queries are asked of the real Prometheus and Loki, where --prometheus and --loki say, or the variables
TRADECTL_PROMETHEUS_URL and TRADECTL_LOKI_URL; without a Loki, panels of log lines are left out.
"""
app = typer.Typer(add_completion=False, no_args_is_help=True, help=HELP)
SECOND = 1_000_000
READY = "part_ready"
"""What every part says of itself."""
Since = Annotated[str, typer.Option(help="10m, 2h, or a time in RFC 3339.")]
Part = Annotated[str, typer.Option(help="The part that One service and Release quality show.")]
Window = Annotated[str, typer.Option(help="What rates are taken over; at least two scrapes: 10s, 1m.")]


@app.command("list", epilog="Example: tradectl dashboards list")
def listing(json: Json = False) -> None:
    """List the dashboards."""
    from tradectl.dashboards.boards import BOARDS

    rows = [(each.uid, each.title, len(list(each.panels())), each.text) for each in BOARDS]
    if json:
        fields = ("name", "title", "panels", "text")
        print_json({"items": [dict(zip(fields, row, strict=True)) for row in rows]})
        return
    table(["name", "title", "panels", "what it shows"], rows)


@app.command(epilog="Example: tradectl dashboards plot fix --since 15m --into fix.svg")
def plot(
    dashboard: Annotated[str, typer.Argument(help="One of `tradectl dashboards list`.")],
    prometheus: Prometheus = PROMETHEUS,
    into: Annotated[Path | None, typer.Option(help="The picture's file.", show_default="NAME.svg")] = None,
    panel: Annotated[list[str] | None, typer.Option(help="Only this one, by its title; repeatable.")] = None,
    since: Since = "15m",
    part: Part = "orders",
    window: Window = "1m",
    loki: Loki = "",
    json: Json = False,
) -> None:
    """Draw a dashboard as an SVG picture, of what its queries answer."""
    from tradectl.dashboards.asking import answer, watching
    from tradectl.dashboards.plot import drawn

    board = called(dashboard)
    wanted = [each for each in board.panels() if not panel or each.title in panel]
    if len(wanted) < len(panel or ()):
        titles = ", ".join(each.title for each in board.panels())
        raise TradectlError(f"{dashboard} has no such panel", f"it has {titles}", ExitCode.NOT_FOUND)
    sight = looking(prometheus, loki, since, window, part)
    watched = watching(sight)
    answers = {each.title: answer(sight, each, watched) for each in wanted}
    file = into or Path(f"{board.uid}.svg")
    write(file, drawn(board, answers, sight.begin, sight.end))
    if json:
        print_json({"file": str(file), "panels": [row(board, each) for each in answers.values()]})
        return
    stderr().print(f"wrote {file}")


@app.command(epilog="Example: tradectl dashboards check platform orders --since 5m")
def check(
    prometheus: Prometheus = PROMETHEUS,
    dashboards: Annotated[list[str] | None, typer.Argument(help="Some of `tradectl dashboards list`.")] = None,
    since: Since = "15m",
    part: Annotated[str | None, typer.Option(help="The part that is shown where one is.", show_default="any")] = None,
    window: Window = "1m",
    loki: Loki = "",
    json: Json = False,
) -> None:
    """Ask every query of every panel, and say which finds nothing; ends with 1 if one does.

    Where a part is shown it is enough that some part has data. A panel of a server that Prometheus does not watch is
    none of those: it is listed as not watched.
    """
    from tradectl.dashboards.asking import answers, jobs, watching
    from tradectl.dashboards.boards import BOARDS

    boards = [called(each) for each in dashboards] if dashboards else BOARDS
    sight = looking(prometheus, loki, since, window, part or "")
    watched, parts = watching(sight), [part] if part else jobs(sight, READY)
    found = [(board, each) for board in boards for each in answers(sight, board, watched, parts)]
    missing = [(board, each) for board, each in found if each.missing]
    if json:
        print_json({"items": [row(board, each) for board, each in found], "missing": len(missing)})
    else:
        shown(found)
    if missing:
        raise typer.Exit(ExitCode.CHECK_FAILED)


def called(dashboard: str) -> "Board":
    """The dashboard of that name; TradectlError when there is none."""
    from tradectl.dashboards.boards import BOARDS

    for board in BOARDS:
        if board.uid == dashboard:
            return board
    raise TradectlError(f"there is no dashboard {dashboard!r}", "`tradectl dashboards list`", ExitCode.NOT_FOUND)


def looking(prometheus: str, loki: str, since: str, window: str, part: str) -> "Sight":
    """What is asked, until now."""
    from services.contracts.times import from_rfc3339
    from tradectl.dashboards.asking import Sight
    from tradectl.stack.logs import moment_since

    return Sight(
        prometheus=prometheus,
        loki=loki,
        begin=from_rfc3339(moment_since(since)) / SECOND,
        end=time.time(),
        window=window,
        chosen={"job": part},
    )


def row(board: "Board", answer: "Answer") -> dict[str, object]:
    """A panel in JSON."""
    return {
        "dashboard": board.uid,
        "panel": answer.panel.title,
        "series": sum(map(bool, answer.curves.values())),
        "lines": len(answer.lines),
        "empty": list(answer.empty),
        "not_watched": answer.beyond,
    }


def shown(found: "Sequence[tuple[Board, Answer]]") -> None:
    """What is missing in full, all else counted."""
    rows = []
    for board in dict.fromkeys(board for board, _ in found):
        own = [answer for each, answer in found if each is board]
        beyond = sorted({answer.beyond for answer in own} - {""})
        full, empty = sum(answer.found for answer in own), sum(bool(answer.missing) for answer in own)
        verdict = "failed" if empty else "ok"
        rows.append((state(verdict), board.uid, len(own), full, empty or "", ", ".join(beyond)))
    table(["", "dashboard", "panels", "with data", "missing data", "not watched here"], rows)
    for board, answer in found:
        for query in answer.missing:
            stderr().print(f"nothing in {board.uid}, {escaped(answer.panel.title)}: {escaped(query)}")
