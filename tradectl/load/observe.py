"""What a load does to the platform, once a second: its processes, its queues, its replica."""

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tradectl.audit.snapshot import Sources
from tradectl.probes.settled import look_of
from tradectl.stack.backends.backend import Backend
from tradectl.stack.status import resident_mib

TICKS = os.sysconf("SC_CLK_TCK")
EVERY = 1.0
QUEUES_EVERY = 2
"""Of the looks, each second one asks every service for its queues: that costs it a little."""


@dataclass(frozen=True)
class Look:
    """One moment; ``t`` seconds since the begin, ``cpu`` shares of a processor, ``memory`` MiB, ``lag`` seconds."""

    t: float
    cpu: Mapping[str, float]
    memory: Mapping[str, float]
    queues: Mapping[str, int] = field(default_factory=dict)
    lag: float | None = None


def processor_seconds(pid: int) -> float | None:
    """What a process has used since its start, where /proc shows it."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / TICKS


class Observer:
    """A thread that looks until it is told to end."""

    def __init__(self, backend: Backend | None, sources: Sources, replica_lag: Callable[[], float | None]) -> None:
        self.looks: list[Look] = []
        self._backend = backend
        self._sources = sources
        self._replica_lag = replica_lag
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._before: dict[str, tuple[int, float, float]] = {}
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._end.set()
        self._thread.join()

    def begin(self) -> None:
        """The load's zero: what was seen before it is of no interest."""
        self._began = time.monotonic()
        self.looks.clear()

    def documents(self) -> list[dict[str, Any]]:
        """As JSON shows them."""
        return [asdict(look) for look in self.looks if look.t >= 0]

    def _run(self) -> None:
        number = 0
        while not self._end.wait(EVERY):
            self.looks.append(self._look(queues=number % QUEUES_EVERY == 0))
            number += 1

    def _look(self, *, queues: bool) -> Look:
        pids = self._backend.working() if self._backend else {}
        now = time.monotonic()
        cpu = {name: used for name, pid in pids.items() if (used := self._used(name, pid, now)) is not None}
        memory = {name: mib for name, pid in pids.items() if (mib := resident_mib(pid)) is not None}
        waiting: Mapping[str, int] = {}
        if queues:
            waiting = look_of(self._sources.settled().pages(), books_only=True).under_way
        lag = self._replica_lag() if queues else None
        return Look(round(now - self._began, 2), cpu, memory, waiting, lag)

    def _used(self, name: str, pid: int, now: float) -> float | None:
        used = processor_seconds(pid)
        if used is None:
            return None
        before = self._before.get(name)
        self._before[name] = (pid, now, used)
        if before is None or before[0] != pid:
            return None
        return round((used - before[2]) / max(now - before[1], 1e-9), 3)


def growth(looks: Sequence[Mapping[str, Any]], duration: float) -> float:
    """By how much all processes' memory grew after the warm-up, as a share; 0 where there is too little to see.

    Warm is who has seen a third of the load: the mean of the tenth after that is held against that of the last tenth.
    """
    sums = [(look["t"], sum(look["memory"].values())) for look in looks if look["memory"] and look["t"] <= duration]
    first = [mib for t, mib in sums if duration * 0.33 <= t <= duration * 0.43]
    last = [mib for t, mib in sums if t >= duration * 0.9]
    if not first or not last:
        return 0.0
    return float((sum(last) / len(last)) / (sum(first) / len(first)) - 1)
