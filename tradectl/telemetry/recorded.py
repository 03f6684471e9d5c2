"""A run's SQLite file as a source of traces, log lines and metrics."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.logs import Line
from tradectl.telemetry.source import Heading, Point, Series, Span
from tradectl.telemetry.spans import heading_of, span_of

BUSY = 2.0
"""Seconds to wait for the recorder's commit."""
LAST = """
SELECT trace, max(id) AS latest
FROM (SELECT id, trace FROM lines WHERE trace IS NOT NULL ORDER BY id DESC LIMIT ?)
GROUP BY trace ORDER BY latest DESC LIMIT ?
"""
COUNTING = ("_bucket", "_count", "_sum", "_total")
LOOKED_THROUGH = 40
"""Lines for each trace that is wanted: few traces have more."""
OF_ORDER = "SELECT DISTINCT trace FROM lines WHERE order_id = ? AND trace IS NOT NULL"
SERIES = "SELECT id, part, name, labels FROM series ORDER BY part, name, labels"
POINTS = """
SELECT series, time, value FROM points WHERE time >= :since
UNION ALL
SELECT series, max(time), value FROM points WHERE time < :since GROUP BY series
ORDER BY series, time
"""


class Recorded:
    """What the recorder has written so far; TradectlError when the file cannot be read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def traces(self, most: int, order: str = "") -> list[Heading]:
        """The last traces, or those that an order is told of in; the newest first."""
        with self._reading() as connection:
            if order:
                wanted = [trace for (trace,) in connection.execute(OF_ORDER, (order,))]
            else:
                wanted = [trace for trace, _ in connection.execute(LAST, (most * LOOKED_THROUGH, most))]
            of: dict[str, list[Span]] = {}
            for trace in wanted:
                of[trace] = [span_of(line) for line in _lines(connection, "trace", trace)]
        found = sorted(map(heading_of, of.values()), key=lambda heading: heading.began, reverse=True)
        return found[:most]

    def spans(self, *, trace: str = "", order: str = "") -> list[Span]:
        """Those of a trace, or those that name an order, by their begin."""
        spans = map(span_of, self.lines(trace=trace, order=order))
        return sorted(spans, key=lambda span: (span.began, -span.ended))

    def lines(self, *, trace: str = "", order: str = "") -> list[Line]:
        """Log lines of a trace, or about an order, by their time."""
        field, value = ("trace", trace) if trace else ("order_id", order)
        with self._reading() as connection:
            return sorted(_lines(connection, field, value), key=lambda line: str(line.get("time", "")))

    def series(self, since: int) -> list[Series]:
        """Every series with a point for each look since a wall moment; what did not change has its value again."""
        with self._reading() as connection:
            ticks = [time for (time,) in connection.execute("SELECT time FROM ticks WHERE time >= ?", (since,))]
            rows = connection.execute(POINTS, {"since": since})
            points = {
                series: [(time, value) for _, time, value in of] for series, of in groupby(rows, lambda row: row[0])
            }
            known = connection.execute(SERIES).fetchall()
        return [
            Series(part, name, json.loads(labels), filled(points[id], ticks, counts=name.endswith(COUNTING)))
            for id, part, name, labels in known
            if id in points
        ]

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=BUSY)
            try:
                yield connection
            finally:
                connection.close()
        except sqlite3.Error as error:
            hint = "`tradectl traces --run` names another run; a recorder that failed says why in logs/supervisor.log"
            raise TradectlError(f"{self._path} cannot be read: {error}", hint, ExitCode.STATE_UNUSABLE) from error


def _lines(connection: sqlite3.Connection, field: str, value: str) -> Iterator[Line]:
    """With this value in one column, which has an index."""
    for (line,) in connection.execute(f"SELECT line FROM lines WHERE {field} = ?", (value,)):  # noqa: S608 (ours)
        yield json.loads(line)


def filled(points: list[Point], ticks: list[int], *, counts: bool = False) -> list[Point]:
    """A value at each tick from the first point on: that of the last point until then.

    What counts had counted nothing at the look before it was there.
    """
    found: list[Point] = [(tick, 0.0) for tick in ticks if tick < points[0][0]][-1:] if counts else []
    at, value = 0, None
    for tick in ticks:
        while at < len(points) and points[at][0] <= tick:
            value = points[at][1]
            at += 1
        if value is not None:
            found.append((tick, value))
    return found
