"""What the supervisor does to its children on purpose: the tool writes it down, the supervisor does and ends it."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping

import msgspec

from services.contracts.faults import Fault
from tradectl.errors import ExitCode
from tradectl.stack.process import Process
from tradectl.stack.state import Sandbox, read_json, write_json

KILL, PAUSE = "service.kill", "service.pause"
MEND_WITHIN = 3.0
"""Seconds that a keeper has when all ends."""
AGAIN = 1.0
"""Seconds until a keeper that failed tries again."""
PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that the system sends to a child when its parent ends."""


def read(sandbox: Sandbox) -> list[Fault]:
    """Those that have not ended; ``part`` is the child."""
    if not sandbox.faults.exists():
        return []
    kept = msgspec.convert(read_json(sandbox.faults)["items"], list[Fault])
    return [fault for fault in kept if fault.until > now()]


def keep(sandbox: Sandbox, faults: Iterable[Fault]) -> None:
    """Write them down for the supervisor, which is told by `desired.tell`."""
    write_json(sandbox.faults, {"items": msgspec.to_builtins(list(faults))})


def now() -> int:
    """Wall time, microseconds."""
    return time.time_ns() // 1_000


class Keeper:
    """The process that breaks and mends a server for one fault."""

    def __init__(self, sandbox: Sandbox, fault: Fault) -> None:
        self._sandbox = sandbox
        self._fault = fault
        self._pid: int | None = None
        self._overdue: float | None = None
        self.due: float | None = 0.0
        """When it is to be started, on the monotonic clock; None while it runs, and when all is mended."""

    def look(self) -> None:
        """Start it when that is due."""
        if self.due is None or self.due > time.monotonic():
            return
        command = [sys.executable, "-m", "tradectl.stack.keeper", self._sandbox.name]
        with (self._sandbox.logs / "keeper.log").open("ab") as log:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, close_fds=True)
        if process.stdin is not None:
            process.stdin.write(msgspec.json.encode(self._fault))
            process.stdin.close()
        self._pid, self.due = process.pid, None
        process.returncode = 0  # the supervisor reaps all of its children itself

    @property
    def running(self) -> bool:
        """Whether it is there, and has time left to end."""
        return self._pid is not None and (self._overdue is None or time.monotonic() < self._overdue)

    @property
    def next_look(self) -> float | None:
        """When it is due, or has had its time, on the monotonic clock."""
        return self._overdue if self.running else self.due

    def end(self) -> None:
        """Have it mend now."""
        self.due = None
        if self._pid is not None and self._overdue is None:
            os.kill(self._pid, signal.SIGTERM)
            self._overdue = time.monotonic() + MEND_WITHIN

    def reaped(self, pid: int, status: int) -> bool:
        """Whether it was this one; it is started again unless it ended well, or all ends."""
        if pid != self._pid:
            return False
        self._pid = None
        if os.waitstatus_to_exitcode(status) != 0 and self._overdue is None:
            self.due = time.monotonic() + AGAIN
        return True


class Disturbing:
    """The supervisor's part: children that stand still go on at the deadline, those to be killed are."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._began = now()
        self._stopped: dict[str, int] = {}
        """Child by child, the process that stands still."""
        self._next_kill: dict[str, float] = {}
        """By fault, on the monotonic clock."""
        self._faults: list[Fault] = []
        self._keepers: dict[str, Keeper] = {}

    def heed(self, processes: Mapping[str, Process]) -> None:
        """Do what is asked now, and end what is over."""
        self._faults = [
            fault for fault in read(self._sandbox) if fault.began >= self._began and fault.part in processes
        ]
        held = {fault.part for fault in self._faults if fault.kind == PAUSE}
        for name in self._stopped.keys() - held:
            self.release(processes[name])
        for name in held:
            process = processes[name]
            if process.pid is not None and self._stopped.get(name) != process.pid:
                process.signal(signal.SIGSTOP)
                self._stopped[name] = process.pid
        for fault in self._faults:
            if fault.kind == KILL and self._next_kill.get(fault.id, 0.0) <= time.monotonic():
                self._next_kill[fault.id] = time.monotonic() + float(fault.parameters["every"])
                processes[fault.part].signal(signal.SIGKILL)
        own = [fault for fault in read(self._sandbox) if fault.began >= self._began]
        self._keep([fault for fault in own if fault.kind not in {KILL, PAUSE}])

    def _keep(self, faults: Iterable[Fault]) -> None:
        """A keeper for each fault of a server; one that was killed is started again, to mend at least."""
        for fault in faults:
            if fault.id not in self._keepers:
                self._keepers[fault.id] = Keeper(self._sandbox, fault)
        for keeper in self._keepers.values():
            keeper.look()

    def reaped(self, pid: int, status: int) -> bool:
        """Whether it was a keeper that has ended."""
        return any(keeper.reaped(pid, status) for keeper in self._keepers.values())

    def end(self, processes: Iterable[Process]) -> None:
        """Let all go on, for they are to end."""
        self._faults = []
        for process in processes:
            self.release(process)
        for keeper in self._keepers.values():
            keeper.end()

    @property
    def keeping(self) -> bool:
        """Whether a server is still being mended."""
        return any(keeper.running for keeper in self._keepers.values())

    def release(self, process: Process) -> None:
        """Let a child go on."""
        if self._stopped.pop(process.name, None) == process.pid:
            process.signal(signal.SIGCONT)

    def next_look(self) -> float | None:
        """When the next one begins again or ends, on the monotonic clock."""
        offset = time.monotonic() - now() / 1e6
        moments = [fault.until / 1e6 + offset for fault in self._faults]
        moments += [self._next_kill[fault.id] for fault in self._faults if fault.id in self._next_kill]
        moments += [look for keeper in self._keepers.values() if (look := keeper.next_look) is not None]
        return min(moments, default=None)


def go_on_without(parent: int) -> None:
    """In a child: one that stands still when its supervisor is killed goes on, sees that, and ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGCONT)
    if os.getppid() != parent:
        raise SystemExit(ExitCode.START_FAILED)
