"""A run's telemetry in one SQLite file: written by its recorder alone, read by everybody."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from services.contracts.times import from_rfc3339
from tradectl.probes.metrics import Sample
from tradectl.stack.logs import Line

MOST_LINES = 100_000
"""The last ones are kept: about 40 MiB."""
MOST_TICKS = 4_320
"""Looks at the metrics: six hours of one every five seconds."""
ENCODER = msgspec.json.Encoder()
SPARE_TICKS = 60
"""Removing costs a look at every point, so it is done for so many at once."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS lines (
    id INTEGER PRIMARY KEY, time INTEGER NOT NULL, trace TEXT, order_id TEXT, line TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS lines_by_trace ON lines (trace) WHERE trace IS NOT NULL;
CREATE INDEX IF NOT EXISTS lines_by_order ON lines (order_id) WHERE order_id IS NOT NULL;
CREATE TABLE IF NOT EXISTS ticks (time INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS series (
    id INTEGER PRIMARY KEY, part TEXT NOT NULL, name TEXT NOT NULL, labels TEXT NOT NULL, UNIQUE (part, name, labels)
);
CREATE TABLE IF NOT EXISTS points (
    series INTEGER NOT NULL, time INTEGER NOT NULL, value REAL NOT NULL, PRIMARY KEY (series, time)
) WITHOUT ROWID;
"""


class Store:
    """The writing side. A power cut may take what it wrote; a killed process takes nothing that was committed."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        path.chmod(0o600)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.executescript(SCHEMA)
        self._known: dict[tuple[str, str, str], int] = {}
        self._last: dict[int, float] = {}

    def add_lines(self, lines: Iterable[Line]) -> None:
        """Those that bear a trace or an order; others are in the logs."""
        rows = [row for line in lines if (row := _row(line)) is not None]
        if not rows:
            return
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT INTO lines (time, trace, order_id, line) VALUES (?, ?, ?, ?)", rows)
        self._connection.execute("DELETE FROM lines WHERE id <= (SELECT max(id) FROM lines) - ?", (MOST_LINES,))
        self._connection.execute("COMMIT")

    def add_samples(self, time: int, of: Mapping[str, Iterable[Sample]]) -> None:
        """One look at all parts. A value that has not changed is not written again."""
        self._connection.execute("BEGIN")
        self._connection.execute("INSERT OR IGNORE INTO ticks VALUES (?)", (time,))
        rows = [
            (series, time, sample.value)
            for part, samples in of.items()
            for sample in samples
            if self._changed(series := self._series(part, sample), sample.value)
        ]
        self._connection.executemany("INSERT OR REPLACE INTO points VALUES (?, ?, ?)", rows)
        self._forget()
        self._connection.execute("COMMIT")

    def _changed(self, series: int, value: float) -> bool:
        before = self._last.get(series)
        self._last[series] = value
        return before != value

    def _series(self, part: str, sample: Sample) -> int:
        key = (part, sample.name, json.dumps(dict(sample.labels), sort_keys=True))
        if key not in self._known:
            self._connection.execute("INSERT OR IGNORE INTO series (part, name, labels) VALUES (?, ?, ?)", key)
            found = self._connection.execute("SELECT id FROM series WHERE (part, name, labels) = (?, ?, ?)", key)
            self._known[key] = found.fetchone()[0]
        return self._known[key]

    def _forget(self) -> None:
        """Looks that are too old; of each series its last point before the oldest look stays: it still holds."""
        (ticks,) = self._connection.execute("SELECT count(*) FROM ticks").fetchone()
        if ticks <= MOST_TICKS + SPARE_TICKS:
            return
        oldest = self._connection.execute(
            "SELECT time FROM ticks ORDER BY time DESC LIMIT 1 OFFSET ?", (MOST_TICKS,)
        ).fetchone()
        self._connection.execute("DELETE FROM ticks WHERE time <= ?", oldest)
        self._connection.execute(
            "DELETE FROM points WHERE time < (SELECT max(time) FROM points newer"
            " WHERE newer.series = points.series AND newer.time <= ?)",
            oldest,
        )

    def close(self) -> None:
        self._connection.close()


def _row(line: Line) -> tuple[int, str | None, str | None, str] | None:
    trace, order = line.get("trace_id"), line.get("order_id")
    if trace is None and order is None:
        return None
    try:
        time = from_rfc3339(str(line.get("time", "")))
    except ValueError:
        return None
    return time, trace and str(trace), order and str(order), ENCODER.encode(line).decode()
