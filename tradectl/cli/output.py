"""Results go to stdout, as a table for people or as JSON for scripts; progress and errors go to stderr."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradectl.errors import ExitCode, TradectlError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

PIPE_WIDTH = 140
"""Columns where no terminal says how many it has."""
GOOD, WAITING, BAD = "green", "yellow", "bold red"
STYLES = {
    **dict.fromkeys(("ready", "ok", "up", "running"), GOOD),
    **dict.fromkeys(("starting", "degraded", "stopped", "waiting", "elsewhere", "paused"), WAITING),
    **dict.fromkeys(("down", "failed", "exited", "absent"), BAD),
}


@cache
def stdout() -> "Console":
    return _console(stderr=False)


@cache
def stderr() -> "Console":
    return _console(stderr=True)


def _console(*, stderr: bool) -> "Console":
    """Rich itself heeds NO_COLOR and colours only a terminal."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, width=None if stream.isatty() else PIPE_WIDTH, highlight=False, soft_wrap=False)


def print_json(document: Any) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(json.dumps(plain(document), indent=2, ensure_ascii=False) + "\n")


def print_json_line(document: Any) -> None:
    """One of several JSON documents on stdout, a line each, as it comes."""
    sys.stdout.write(json.dumps(plain(document), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def write(file: Path, text: str) -> None:
    """A result that goes into a file; TradectlError when it cannot be written."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        said = f"{file} cannot be written: {error.strerror or error}"
        raise TradectlError(said, "name another file", ExitCode.BAD_INPUT) from error


def plain(document: Any) -> Any:
    """Dataclasses as dictionaries."""
    if is_dataclass(document) and not isinstance(document, type):
        return asdict(document)
    if isinstance(document, list | tuple):
        return [plain(item) for item in document]
    return document


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None) -> None:
    """A table on stdout."""
    drawn = new_table(columns, title)
    for row in rows:
        drawn.add_row(*("" if cell is None else str(cell) for cell in row))
    stdout().print(drawn)


def new_table(columns: Sequence[str], title: str | None = None) -> "Table":
    """An empty table in the tool's style."""
    from rich import box
    from rich.table import Table

    drawn = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False)
    for column in columns:
        drawn.add_column(column, overflow="fold")
    return drawn


def state(word: str) -> str:
    """A state in its colour."""
    style = STYLES.get(word)
    return f"[{style}]{word}[/]" if style else word


def escaped(text: object) -> str:
    """Text of somebody else, which may hold square brackets."""
    from rich.markup import escape

    return escape(str(text))
