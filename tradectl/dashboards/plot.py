"""A dashboard as one SVG picture, where Grafana cannot be had: each panel's queries as curves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from tradectl.dashboards.model import BYTES, SECONDS, SHARE, Board, Panel

Points = Sequence[tuple[float, float]]
"""Seconds and values, by time."""
Curves = Mapping[str, Points]
"""By what the legend calls them."""
WIDTH, HEIGHT, GAP, TITLE = 380, 190, 14, 30
LEFT, RIGHT, TOP, BOTTOM = 48, 8, 30, 44
COLOURS = ("#3b82f6", "#f59e0b", "#10b981", "#ef4444", "#8b5cf6", "#14b8a6", "#ec4899", "#84cc16")
MOST = 6
"""Names in a legend."""
STYLE = "text{font:11px sans-serif;fill:#333}.t{font-weight:600;font-size:12px}.h{font-weight:600;font-size:16px}"


@dataclass(frozen=True)
class Frame:
    """What a panel's axes hold: seconds from ``begin`` to ``end``, values from nothing to ``top``."""

    begin: float
    end: float
    top: float

    def at(self, second: float, value: float) -> tuple[float, float]:
        across = (second - self.begin) / ((self.end - self.begin) or 1)
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - value / self.top * (HEIGHT - TOP - BOTTOM)


def drawn(board: Board, curves: Mapping[str, Curves], begin: float, end: float) -> str:
    """The whole board; ``curves`` by the panel's title. A panel of which there is nothing says so."""
    across = max(len(row.panels) for row in board.rows)
    width = across * (WIDTH + GAP) + GAP
    height = TITLE + len(board.rows) * (HEIGHT + GAP) + GAP
    body = [f'<text class="h" x="{GAP}" y="22">{escape(board.title)}</text>']
    for line, row in enumerate(board.rows):
        for place, panel in enumerate(row.panels):
            x, y = GAP + place * (WIDTH + GAP), TITLE + GAP + line * (HEIGHT + GAP)
            body.append(
                f'<g transform="translate({x},{y})">{"".join(_panel(panel, curves[panel.title], begin, end))}</g>'
            )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
    return (
        f'{head}<style>{STYLE}</style><rect width="{width}" height="{height}" fill="#f4f5f7"/>{"".join(body)}</svg>\n'
    )


def _panel(panel: Panel, curves: Curves, begin: float, end: float) -> Iterator[str]:
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff" stroke="#dde"/>'
    yield f'<text class="t" x="10" y="19">{escape(panel.title)}</text>'
    if not any(curves.values()):
        yield f'<text x="{WIDTH / 2 - 30}" y="{HEIGHT / 2}">no data</text>'
        return
    frame = Frame(begin, end, max(value for points in curves.values() for _, value in points) or 1)
    for share in (0, 0.5, 1):
        _, y = frame.at(begin, share * frame.top)
        yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#eee"/>'
        yield f'<text x="{LEFT - 5}" y="{y + 4:.1f}" text-anchor="end">{said(share * frame.top, panel.unit)}</text>'
    for place, (name, points) in enumerate(curves.items()):
        colour = COLOURS[place % len(COLOURS)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (frame.at(*point) for point in points))
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.3"/>'
        if place < MOST:
            x, y = 10 + place % 3 * 122, HEIGHT - 22 + place // 3 * 14
            yield f'<rect x="{x}" y="{y - 7}" width="8" height="3" fill="{colour}"/>'
            yield f'<text x="{x + 12}" y="{y}">{escape(name[:18])}</text>'


def said(value: float, unit: str) -> str:
    """A number as a person reads it: milliseconds, per cent, MiB, thousands."""
    if unit == SECONDS:
        return f"{value:.3g} s" if value >= 1 else f"{value * 1000:.3g} ms"
    if unit == SHARE:
        return f"{value * 100:.3g} %"
    for factor, name in ((1024**3, "G"), (1024**2, "M")) if unit == BYTES else ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= factor:
            return f"{value / factor:.3g} {name}"
    return f"{value:.3g}"
