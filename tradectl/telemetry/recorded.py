"""A run's SQLite file as a source of traces and metrics."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

from tradectl.errors import ExitCode, TradectlError
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
            of: dict[str, list[Span]] = defaultdict(list)
            for span in _spans(connection, "trace", wanted):
                of[span.trace].append(span)
        found = sorted(map(heading_of, of.values()), key=lambda heading: heading.began, reverse=True)
        return found[:most]

    def spans(self, *, trace: str = "", order: str = "") -> list[Span]:
        """Those of a trace, or those that name an order, by their begin."""
        field, value = ("trace", trace) if trace else ("order_id", order)
        with self._reading() as connection:
            return sorted(_spans(connection, field, [value]), key=lambda span: (span.began, -span.ended))

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


def _spans(connection: sqlite3.Connection, field: str, values: Iterable[str]) -> Iterator[Span]:
    """Of each value in one column, which has an index."""
    for value in values:
        for (line,) in connection.execute(f"SELECT line FROM lines WHERE {field} = ?", (value,)):  # noqa: S608 (ours)
            yield span_of(json.loads(line))


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
