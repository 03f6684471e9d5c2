"""Pictures of a Textual app's screen: an SVG with one line a row, held against the one that is stored.

`pytest --draw` stores them anew. A picture that differs, or is not stored yet, fails its test; the one that was drawn
lies in build/pictures.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, zip_longest
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import DIMMED_MONOKAI as THEME
from textual.app import App

ROOT = Path(__file__).parents[1]
DRAWN = ROOT / "build" / "pictures"
CELL = (9.6, 18.5)
"""Pixels, width and height: a monospaced font of 16."""
BASELINE = 14.5
HIDDEN = "▒"
TAGS = re.compile(r"<[^>]+>")
SHOWN = 8
"""Rows that a failure shows."""
Row = list[Segment]


def rows_of(app: App[Any]) -> list[Row]:
    """The cells of each row as they would go to a terminal now, equal neighbours joined."""
    update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    strips: Sequence[Iterable[Iterable[Segment]]] = update.strips  # type: ignore[union-attr]
    return [list(Segment.simplify(chain.from_iterable(row))) for row in strips]


def masked(row: Row, masks: Iterable[str]) -> Row:
    """The row with what the patterns find hidden, cell for cell: what differs by run is no difference."""
    text = "".join(segment.text for segment in row)
    for pattern in masks:
        text = re.sub(pattern, lambda found: HIDDEN * len(found[0]), text)
    characters = iter(text)
    return [segment._replace(text="".join(next(characters) for _ in segment.text)) for segment in row]


def drawn(rows: list[Row], title: str) -> str:
    """The SVG; a style is a class of its own, named in the order of first use."""
    classes: dict[str, str] = {}
    return framed(rows, title, classes, lines_of(rows, classes))


def film(frames: list[list[Row]], title: str, seconds: float) -> str:
    """An SVG that shows one picture after the other, so many seconds each, for ever."""
    classes: dict[str, str] = {}
    lines, whole = [], seconds * len(frames)
    for number, rows in enumerate(frames):
        moment = f"animation-delay:{number * seconds - whole:g}s"
        lines += [f'<g class="frame" style="{moment}">', *lines_of(rows, classes), "</g>"]
    part = 100 / len(frames)
    moving = f".frame{{animation:shown {whole:g}s step-end infinite;visibility:hidden}}"
    shown = f"@keyframes shown{{0%{{visibility:visible}}{part:g}%{{visibility:hidden}}}}"
    return framed(frames[0], title, classes, lines, moving + shown)


def framed(rows: list[Row], title: str, classes: dict[str, str], lines: list[str], more: str = "") -> str:
    """What stands around the rows."""
    width = max(sum(segment.cell_length for segment in row) for row in rows) * CELL[0]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {len(rows) * CELL[1]:g}">',
            f"<title>{html.escape(title)}</title>",
            "<style>text{font:16px 'DejaVu Sans Mono',Menlo,Consolas,monospace;white-space:pre}",
            *(f".{name}{{{style}}}" for style, name in classes.items()),
            f'{more}</style><rect width="100%" height="100%" fill="{THEME.background_color.hex}"/>',
            *lines,
            "</svg>\n",
        ]
    )


def lines_of(rows: list[Row], classes: dict[str, str]) -> list[str]:
    """Of all rows."""
    return [line for number, row in enumerate(rows) for line in line_of(number, row, classes)]


def line_of(number: int, row: Row, classes: dict[str, str]) -> Iterator[str]:
    """Backgrounds, then texts: each at its column, as wide as its cells, whatever the font."""
    under, over, column = [], [], 0
    for ground, group in groupby(row, key=lambda segment: colours(segment.style)[1]):
        begin = column
        for segment in group:
            over.append(text_of(number, column, segment, classes))
            column += segment.cell_length
        box = f'x="{begin * CELL[0]:g}" y="{number * CELL[1]:g}" width="{(column - begin) * CELL[0]:g}"'
        under.append(f'<rect {box} height="{CELL[1]}" fill="{ground}"/>')
    yield "".join(under)
    yield "".join(over)


def text_of(number: int, column: int, segment: Segment, classes: dict[str, str]) -> str:
    """Blanks at the edges are left out; so is a text of blanks alone."""
    text = segment.text.strip(" ")
    if not text:
        return ""
    column += len(segment.text) - len(segment.text.lstrip(" "))
    name = classes.setdefault(look_of(segment.style), f"s{len(classes)}")
    at = f'x="{column * CELL[0]:g}" y="{number * CELL[1] + BASELINE:g}" textLength="{cell_len(text) * CELL[0]:g}"'
    return f'<text class="{name}" {at}>{html.escape(text, quote=False)}</text>'


def colours(style: Style | None) -> tuple[str, str]:
    """Of the text and of its ground."""
    style = style or Style.null()
    text, ground = hexed(style.color, foreground=True), hexed(style.bgcolor, foreground=False)
    return (ground, text) if style.reverse else (text, ground)


def hexed(colour: Color | None, *, foreground: bool) -> str:
    """The terminal's own colour where there is none."""
    return (colour or Color.default()).get_truecolor(THEME, foreground=foreground).hex


def look_of(style: Style | None) -> str:
    """The text's CSS."""
    style = style or Style.null()
    marks = {
        f"fill:{colours(style)[0]}": True,
        "font-weight:bold": style.bold,
        "font-style:italic": style.italic,
        "opacity:.6": style.dim,
        "text-decoration:underline": style.underline,
        "text-decoration:line-through": style.strike,
    }
    return ";".join(mark for mark, wanted in marks.items() if wanted)


class Gallery:
    """The stored pictures of one folder; ``draw`` stores what is seen."""

    def __init__(self, folder: Path, *, draw: bool) -> None:
        self.folder = folder
        self.draw = draw

    def check(self, app: App[Any], name: str, masks: Iterable[str] = ()) -> None:
        """Fail unless the screen looks as it is stored; ``masks`` are patterns of text within a row."""
        masks = list(masks)
        seen = drawn([masked(row, masks) for row in rows_of(app)], name)
        stored = self.folder / f"{name}.svg"
        if self.draw:
            write(stored, seen)
        wanted = stored.read_text(encoding="utf-8") if stored.exists() else ""
        if seen == wanted:
            return
        write(DRAWN / f"{name}.svg", seen)
        what = "looks otherwise" if wanted else "is not stored yet"
        where = f"{stored.relative_to(ROOT)} {what}; what was drawn: build/pictures/{name}.svg"
        raise AssertionError("\n".join([where, *differences(wanted, seen), "if it is right: pytest --draw"]))


def write(path: Path, text: str) -> None:
    """The file, and its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def differences(wanted: str, seen: str) -> list[str]:
    """Rows that are not the same, as text; where only the look differs, as SVG."""
    found = []
    for before, after in zip_longest(wanted.splitlines(), seen.splitlines(), fillvalue=""):
        if before != after:
            plain = [html.unescape(TAGS.sub(" ", line)) for line in (before, after)]
            found.append("- {}\n+ {}".format(*(plain if plain[0] != plain[1] else (before, after))))
    return found[:SHOWN] + ([f"… and {len(found) - SHOWN} rows more"] if len(found) > SHOWN else [])
