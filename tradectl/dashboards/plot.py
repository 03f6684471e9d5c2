"""A dashboard as one SVG picture, with nothing from outside: each panel's answers as curves, or as lines of a log."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from math import floor, log10

from tradectl.dashboards.asking import STEPS, Answer, Points
from tradectl.dashboards.model import BYTES, PER_SECOND, SECONDS, SHARE, Board, Row

WIDTH, HEIGHT, GAP, TITLE, HEADING = 380, 200, 14, 34, 24
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 34, 62
COLOURS = ("#2563eb", "#d97706", "#059669", "#dc2626", "#7c3aed", "#0891b2")
"""As many as curves are drawn of a panel: the highest; a legend that goes on says of how many more."""
SHORT = ((1e9, "G"), (1e6, "M"), (1e3, "k"))
BINARY = ((1024.0**3, "GiB"), (1024.0**2, "MiB"), (1024.0, "KiB"))
HOLE = 2.5
"""Steps from one point to the next that leave a hole."""
NAME = 22
"""Characters of a name in the legend, two of which stand side by side."""
LINES, LONG = 8, 62
"""Of a log: how many, and how much of each."""
STYLE = (
    "text{font:11px sans-serif;fill:#374151}.t{font-weight:600;font-size:12px}.r{font-weight:600;font-size:13px}"
    ".h{font-weight:600;font-size:16px}.n{fill:#6b7280}.g{stroke:#e5e7eb}.l{font:10px monospace}"
)


@dataclass(frozen=True)
class Frame:
    """What a panel's axes hold: seconds from ``begin`` to ``end``, values from nothing to ``top``."""

    begin: float
    end: float
    top: float

    def at(self, second: float, value: float) -> tuple[float, float]:
        across = (second - self.begin) / ((self.end - self.begin) or 1)
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - value / self.top * (HEIGHT - TOP - BOTTOM)


def drawn(board: Board, answers: Mapping[str, Answer], begin: float, end: float) -> str:
    """The rows of a board of which a panel was asked; ``answers`` by the panel's title."""
    rows = [row for row in board.rows if any(panel.title in answers for panel in row.panels)]
    across = max((len(shown(row, answers)) for row in rows), default=1)
    width = across * (WIDTH + GAP) + GAP
    height = TITLE + len(rows) * (HEADING + HEIGHT + GAP)
    span = f"{clock(begin)} to {clock(end)} UTC, {datetime.fromtimestamp(end, UTC):%Y-%m-%d}"
    body = [f'<text class="h" x="{GAP}" y="24">{escape(board.title)} <tspan class="n t">{span}</tspan></text>']
    for line, row in enumerate(rows):
        y = TITLE + line * (HEADING + HEIGHT + GAP)
        body.append(f'<text class="r" x="{GAP}" y="{y + 16}">{escape(row.title)}</text>')
        for place, answer in enumerate(shown(row, answers)):
            at = f"translate({GAP + place * (WIDTH + GAP)},{y + HEADING})"
            body.append(f'<g transform="{at}">{"".join(_panel(answer, begin, end))}</g>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
    ground = f'<rect width="{width}" height="{height}" fill="#f3f4f6"/>'
    return f"{head}<style>{STYLE}</style>{ground}{''.join(body)}</svg>\n"


def shown(row: Row, answers: Mapping[str, Answer]) -> Sequence[Answer]:
    """Those of a row that were asked."""
    return [answers[panel.title] for panel in row.panels if panel.title in answers]


def _panel(answer: Answer, begin: float, end: float) -> Iterator[str]:
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff" stroke="#d1d5db"/>'
    yield f'<text class="t" x="10" y="20">{escape(answer.panel.title)}</text>'
    if not answer.found:
        word = f"not watched here: {answer.beyond}" if answer.beyond else "no data"
        yield f'<text class="n" x="{WIDTH / 2}" y="{HEIGHT / 2}" text-anchor="middle">{escape(word)}</text>'
    elif answer.lines:
        yield from _lines(answer.lines)
    else:
        yield from _curves(answer, begin, end)


def _lines(lines: Sequence[str]) -> Iterator[str]:
    for place, line in enumerate(lines[:LINES]):
        yield f'<text class="l" x="10" y="{TOP + 8 + place * 19}">{escape(line[:LONG])}</text>'


def _curves(answer: Answer, begin: float, end: float) -> Iterator[str]:
    highest = sorted(answer.curves.items(), key=lambda curve: -max((value for _, value in curve[1]), default=-1))
    drawn = [(name, points) for name, points in highest if points][: len(COLOURS)]
    frame = Frame(begin, end, nice(max(value for _, points in drawn for _, value in points), answer.panel.unit))
    yield from _grid(frame, answer.panel.unit)
    for colour, (_, points) in zip(COLOURS, drawn, strict=False):
        yield from _curve(frame, points, colour)
    names = [name for name, _ in drawn]
    more = sum(map(bool, answer.curves.values())) - len(drawn)
    yield from _legend(names, more)


def _grid(frame: Frame, unit: str) -> Iterator[str]:
    for share in (0, 0.5, 1):
        x, y = frame.at(frame.begin, share * frame.top)
        yield f'<line class="g" x1="{x:.0f}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{said(share * frame.top, unit)}</text>'
    for share, anchor in ((0, "start"), (0.5, "middle"), (1, "end")):
        second = frame.begin + share * (frame.end - frame.begin)
        x, y = frame.at(second, 0)
        yield f'<text class="n" x="{x:.0f}" y="{y + 14:.0f}" text-anchor="{anchor}">{clock(second)}</text>'


def _curve(frame: Frame, points: Points, colour: str) -> Iterator[str]:
    """Where there was nothing for a while the line is broken; a point alone is a dot."""
    for piece in pieces(points, (frame.end - frame.begin) / STEPS * HOLE):
        places = [frame.at(*point) for point in piece]
        if len(places) == 1:
            (x, y) = places[0]
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" fill="{colour}"/>'
            continue
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.4"/>'


def pieces(points: Points, hole: float) -> Iterator[Points]:
    """Points among which no two neighbours are more than so many seconds apart."""
    begin = 0
    for place in range(1, len(points) + 1):
        if place == len(points) or points[place][0] - points[place - 1][0] > hole:
            yield points[begin:place]
            begin = place


def _legend(names: Sequence[str], more: int) -> Iterator[str]:
    for place, (name, colour) in enumerate(zip(names, COLOURS, strict=False)):
        x, y = 12 + place % 2 * 184, HEIGHT - 34 + place // 2 * 13
        last = f" and {more} more" if more and place == len(names) - 1 else ""
        yield f'<rect x="{x}" y="{y - 6}" width="9" height="3" fill="{colour}"/>'
        yield f'<text x="{x + 14}" y="{y}">{escape(shorter(name, NAME - len(last)))}{last}</text>'


def shorter(name: str, room: int = NAME) -> str:
    """A name that finds its place in the legend."""
    return name if len(name) <= room else f"{name[: room - 1]}…"


def nice(value: float, unit: str = "") -> float:
    """The next number that is not below and is round as it is said; 1 where there is nothing."""
    if value <= 0:
        return 1.0
    of = next((factor for factor, _ in BINARY if value >= factor), 1.0) if unit == BYTES else 1.0
    size = 10.0 ** floor(log10(value / of))
    return of * next(step * size for step in (1, 1.5, 2, 3, 5, 7.5, 10) if of * step * size >= value * (1 - 1e-9))


def clock(second: float) -> str:
    """A moment of its day, UTC."""
    return f"{datetime.fromtimestamp(second, UTC):%H:%M:%S}"


def said(value: float, unit: str) -> str:
    """A number as a person reads it: milliseconds, per cent, MiB, thousands."""
    if unit == SECONDS:
        return f"{value:.3g} s" if value >= 1 else f"{value * 1000:.3g} ms"
    if unit == SHARE:
        return f"{value * 100:.3g} %"
    of = "/s" if unit == PER_SECOND else ""
    for factor, name in BINARY if unit == BYTES else SHORT:
        if value >= factor:
            return f"{value / factor:.3g} {name}{of}"
    return f"{value:.3g}{of}"
