"""The process that keeps a run's telemetry: it reads the parts' logs and asks for their metrics, and disturbs nobody.

It is forked from the supervisor, so that it costs no import, runs at the lowest priority, and ends when the supervisor
does: then the lifeline closes.
"""

import os
import select
import signal
import time
from collections.abc import Callable, Iterator

from services.contracts.metrics import parts
from services.contracts.times import rfc3339
from services.runtime.otlp.exporter import Exporter
from tradectl.probes.metrics import Sample
from tradectl.stack.logs import Line
from tradectl.stack.state import Sandbox
from tradectl.telemetry import runs
from tradectl.telemetry.scrape import scraped
from tradectl.telemetry.store import Store
from tradectl.telemetry.tail import Tail

NAME = "recorder"
"""The part that says what was exported."""
LINES_EVERY = 1.0
METRICS_EVERY = 5.0
"""Seconds between two looks."""
SPARE_THE_START = 2.0
"""Seconds in which the platform has the processors for itself."""


def record(sandbox: Sandbox, lifeline: int) -> None:
    """Until the lifeline closes; what was told until then is kept."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    os.nice(19)
    began = time.time()
    store = Store(runs.begin(sandbox, began).path)
    recorder = Recorder(sandbox, store, rfc3339(int(began * 1e6)), over=lambda: closed(lifeline, 0.0))
    while not closed(lifeline, SPARE_THE_START if recorder.due == 0.0 else LINES_EVERY):
        recorder.look()
    recorder.end()


def closed(lifeline: int, within: float) -> bool:
    """Whether the other end has gone, or goes in so many seconds."""
    return bool(select.select([lifeline], [], [], within)[0])


class Recorder:
    """Looks at one sandbox; lines from before its run are another run's."""

    def __init__(self, sandbox: Sandbox, store: Store, began: str, over: Callable[[], bool]) -> None:
        self._sandbox = sandbox
        self._store = store
        self._began = began
        self._over = over
        self._tail = Tail(sandbox.logs)
        self._exporter = Exporter(os.environ)
        self.due = 0.0
        """When metrics are looked at next, on the monotonic clock."""

    def look(self) -> None:
        """Once: at lines, and at metrics when it is their time."""
        self._add_lines()
        if time.monotonic() >= self.due:
            self.due = time.monotonic() + METRICS_EVERY
            exported = {NAME: list(told_of(self._exporter))} if self._exporter else {}
            samples = scraped(self._sandbox, self._over) | exported
            self._store.add_samples(time.time_ns() // 1_000, samples)

    def _add_lines(self) -> None:
        fresh = self._fresh()
        self._store.add_lines(fresh)
        self._exporter.take(fresh)

    def _fresh(self) -> list[Line]:
        return [line for line in self._tail.take() if str(line.get("time", "")) >= self._began]

    def end(self) -> None:
        """The last lines; nobody is there any more to say numbers."""
        self._add_lines()
        self._store.close()


def told_of(exporter: Exporter) -> Iterator[Sample]:
    """What became of lines on their way to OTLP endpoints."""
    for channel in exporter.channels:
        values = {parts.EXPORTED: channel.sent, parts.DROPPED: channel.dropped, parts.WAITING: len(channel.waiting)}
        for metric, value in values.items():
            yield Sample(metric.name, {"signal": channel.signal}, value)
