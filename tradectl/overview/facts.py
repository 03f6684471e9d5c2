"""All that a developer's terminal shows of one sandbox and does to it; each method is one look, or one act."""

import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from services.contracts.faults import Fault
from tradectl.errors import TradectlError
from tradectl.fault import run as faults
from tradectl.overview import flow, letters
from tradectl.overview.asking import ask, door
from tradectl.overview.flow import Queue, Session
from tradectl.overview.resources import Resource, Resources
from tradectl.stack import control
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.control import Steered
from tradectl.stack.logs import Line
from tradectl.stack.state import Sandbox
from tradectl.telemetry.choice import source_of
from tradectl.telemetry.life import Life, life_of
from tradectl.telemetry.measures import Measure, measures
from tradectl.telemetry.source import Heading, Span
from tradectl.telemetry.tail import Tail

HELD_LINES = 20_000
PATIENCE = 60.0
"""Seconds for a process to be as wanted."""
STEER = {"start": control.start, "stop": control.stop, "restart": control.restart}


class Facts:
    """TradectlError from each where it cannot be known or done now."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._resources = Resources(sandbox)
        self._tail = Tail(sandbox.logs)
        self._lines: deque[Line] = deque(maxlen=HELD_LINES)

    def resources(self) -> list[Resource]:
        return self._resources.look()

    @property
    def backend(self) -> str:
        """What the sandbox runs on."""
        return backend_of(self.sandbox).name

    def steer(self, verb: str, name: str) -> Steered:
        """Start, stop or restart a process."""
        return STEER[verb](self.sandbox, name, PATIENCE)

    def lines(self) -> Sequence[Line]:
        """The last log lines of all parts, by time."""
        if fresh := self._tail.take():
            self._lines.extend(sorted(fresh, key=lambda line: str(line.get("time", ""))))
        return self._lines

    def traces(self, most: int, order: str = "") -> list[Heading]:
        return source_of(self.sandbox).traces(most, order)

    def spans(self, trace: str) -> list[Span]:
        return source_of(self.sandbox).spans(trace=trace)

    def measures(self, seconds: float) -> list[Measure]:
        """Of the last so many seconds."""
        return measures(source_of(self.sandbox).series(int((time.time() - seconds) * 1e6)))

    def life(self, order: str) -> Life:
        return life_of(self.sandbox, order)

    def queues(self) -> list[Queue]:
        return flow.queues(flow.pages(self.sandbox))

    def letters(self) -> list[dict[str, Any]]:
        """Of all services; of one that does not answer none."""
        found: list[dict[str, Any]] = []
        for service in letters.consuming():
            try:
                found += letters.letters(self.sandbox, service)
            except TradectlError:
                continue
        return found

    def replay(self, service: str, letter: int) -> int:
        """Put a dead letter back; returns how many were."""
        return int(letters.replay(self.sandbox, service, [letter])["replayed"])

    def sessions(self) -> list[Session]:
        return flow.sessions(flow.pages(self.sandbox), flow.fix_state(self.sandbox))

    def fix(self, side: str, most: int) -> list[Mapping[str, Any]]:
        """What a side sent last: ``session``, ``number``, ``text``."""
        url = f"{door(self.sandbox, side)}/internal/fix"
        found: list[Mapping[str, Any]] = ask("GET", url, key=self.sandbox.keys()["key"], limit=str(most))["items"]
        return found

    def clock(self, change: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Market time, after a change where one is given."""
        url = f"{door(self.sandbox, 'clock')}/clock"
        said: Mapping[str, Any] = ask("PUT", url, body=change) if change else ask("GET", url)
        return said

    def faults(self) -> list[Fault]:
        return faults.active(self.sandbox)

    def begin_fault(self, kind: str, parameters: Mapping[str, object], seconds: float) -> list[Fault]:
        return faults.add(self.sandbox, kind, parameters, seconds=seconds)

    def end_fault(self, id: str) -> list[Fault]:
        return faults.clear(self.sandbox, id)
