"""The tool's own spans to OTLP endpoints, by a thread: nobody who clicks waits for a collector."""

import atexit
import os
from collections.abc import Callable
from functools import cache
from queue import Empty, SimpleQueue
from threading import Thread

from services.runtime.otlp.exporter import Exporter
from tradectl.stack.logs import Line

LAST_WORDS = 2.0
"""Seconds in which the tool's end waits for what is still to be sent."""
LOOK = 0.5
"""Seconds between two tries to send what waits."""


@cache
def outgoing() -> Callable[[Line], None] | None:
    """Takes lines of the whole process until that ends; none where the environment names no endpoint."""
    exporter = Exporter(os.environ)
    if not exporter:
        return None
    lines: SimpleQueue[Line | None] = SimpleQueue()
    thread = Thread(target=_send, args=(exporter, lines), name="outgoing", daemon=True)
    thread.start()
    atexit.register(_end, thread, lines)
    return lines.put


def _end(thread: Thread, lines: "SimpleQueue[Line | None]") -> None:
    lines.put(None)
    thread.join(LAST_WORDS)


def _send(exporter: Exporter, lines: "SimpleQueue[Line | None]") -> None:
    """Until the end is told and everything is sent, or the process does not wait any more."""
    over = False
    while not over or any(channel.waiting for channel in exporter.channels):
        try:
            line = lines.get(timeout=LOOK)
        except Empty:
            exporter.take([])
            continue
        over = over or line is None
        exporter.take([] if line is None else [line])
