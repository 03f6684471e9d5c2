"""What both backends on this machine share: processes under a supervisor, known by the files that they write."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tradectl.errors import ExitCode, TradectlError
from tradectl.probes.eventually import eventually
from tradectl.stack import desired, ports
from tradectl.stack.backends.backend import Listener, OvertakenError
from tradectl.stack.children import MARKET, Layout, layout_of
from tradectl.stack.events import EventLog, EventReader, StackEvent
from tradectl.stack.plan import SUPERVISOR, Observed, PartState, Plan
from tradectl.stack.settings import RunSettings, keep, load
from tradectl.stack.state import Sandbox, is_ours, read_json, unusable

TERMINAL_WITHIN = 2.0
"""Seconds for what runs in a terminal to end by itself."""
DOWN_WITHIN = 10.0
"""Seconds; the supervisor gives a child five."""
GONE_WITHIN = 2.0
"""Seconds for a process that is ending to be gone: the system frees its lock before its number."""


class Local:
    """The processes of one sandbox."""

    name = ""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._supervisor: subprocess.Popen[bytes] | None = None
        self._events = EventReader(EventLog(sandbox.events))
        self._layout: Layout | None = None

    def layout(self) -> Layout:
        """Which processes hold which parts."""
        if self._layout is None:
            # One that was never up, or whose first start failed, has no settings: then the usual ones.
            self._layout = layout_of(load(self.sandbox) if self.sandbox.exists else RunSettings())
        return self._layout

    def observe(self) -> Observed:
        """What runs now: a part is ready once its process has said so; its own page tells what it lost since."""
        if not self.sandbox.in_use():
            return Observed()
        stopped = desired.stopped(self.sandbox)
        parts: dict[str, PartState] = {}
        for child in self.layout():
            state: PartState = "ready" if self.ready(child.name) else "starting"
            if child.name in stopped:
                state = "absent"
            parts.update((instance.part, state) for instance in child.instances)
        return Observed(supervisor=True, parts=parts)

    def children(self) -> Mapping[str, Mapping[str, Any]]:
        """What the supervisor says of its children."""
        return _document(self.sandbox.children) or {}

    def working(self) -> dict[str, int]:
        """By child that runs: its process."""
        return {name: int(said["pid"]) for name, said in self.children().items() if said["pid"]}

    def ready(self, child: str) -> dict[str, Any] | None:
        """What a ready child says of itself; None while there is none."""
        return _document(self.sandbox.ready / f"{child}.json")

    def servers(self) -> Mapping[str, str]:
        """None: what services need is in the process."""
        return {}

    def endpoints(self) -> dict[str, str]:
        """The address of every port; TradectlError when the sandbox is not up."""
        if not self.sandbox.in_use() or not self.children():
            raise not_up(self.sandbox)
        given = ports.endpoints(self.sandbox.ports)
        return {name: given[name] for name in self.layout().ports}

    def apply(self, plan: Plan, settings: RunSettings, listen: Listener) -> None:  # noqa: ARG002 (as below)
        """Start the supervisor where the plan says so; it starts everything else. Returns at once."""
        log = EventLog(self.sandbox.events)
        self._events = EventReader(log, log.end())
        if any(step.subject == SUPERVISOR for step in plan.steps):
            self._layout = layout_of(settings)
            self._start_supervisor(settings)
        elif stopped := desired.stopped(self.sandbox):
            # One that is still about to end says that it is ready; it has to say so anew.
            for name in stopped:
                (self.sandbox.ready / f"{name}.json").unlink(missing_ok=True)
            desired.change(self.sandbox, stopped, "running", again=True)

    def _start_supervisor(self, settings: RunSettings) -> None:
        command = [sys.executable, "-P", "-m", "tradectl.stack.supervisor", self.sandbox.name]
        try:
            keep(self.sandbox, settings)
            for left in (self.sandbox.children, self.sandbox.desired, *self.sandbox.ready.iterdir()):
                left.unlink(missing_ok=True)
            with (self.sandbox.logs / "supervisor.log").open("ab") as output:
                self._supervisor = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                    cwd=self.sandbox.root,
                    env={**os.environ, "TRADECTL_HOME": str(self.sandbox.root.parent.parent)},
                )
        except OSError as error:
            raise unusable(self.sandbox.logs, error) from error

    def progress(self) -> Iterator[StackEvent]:
        """What happened since the last look; TradectlError when the stack ended instead of coming up."""
        ended = self._supervisor is not None and self._supervisor.poll() is not None
        for event in self._events.take():
            yield event
            if event.kind == "failed":
                raise TradectlError(event.text, event.hint, ExitCode(event.exit_code))
        if ended or (self._supervisor is None and not self.sandbox.in_use()):
            log = self.sandbox.logs / "supervisor.log"
            kind = TradectlError if ended else OvertakenError
            raise kind("the stack ended while it was starting", f"{log} says why: {last_line(log)}")

    def endpoint(self, part: str, port: str = "http") -> str:
        """The URL of a part's port; TradectlError when the sandbox is not up."""
        return self.endpoints()[f"{part}.{port}"]

    def quote(self) -> dict[str, Any] | None:
        """A first price; None while there is none, or nobody who would know."""
        if self.ready(self.layout().of_part(MARKET).name) is None:
            return None
        from tradectl.probes.market import first_quote

        return first_quote(self.endpoint(MARKET), self.sandbox.keys()["key"])

    def logs(self, part: str) -> list[Path]:
        """The files of a part's log lines, one for each instance."""
        return [self.sandbox.logs / f"{part}.jsonl", *sorted(self.sandbox.logs.glob(f"{part}@*[0-9].jsonl"))]

    def down(self, *, keep_data: bool) -> bool:  # noqa: ARG002 (what holds data is removed with the sandbox)
        """Stop everything and check that nothing is left; whether anything ran."""
        if not self.sandbox.in_use():
            return False
        given = ports.remembered(self.sandbox.ports)
        processes = self._processes()
        self.stop()
        check_nothing_left(processes, given)
        return True

    def undo(self, *, keep_data: bool) -> None:  # noqa: ARG002 (as above)
        """After a start that failed: nothing of it is left running."""
        self.stop()

    def stop(self) -> None:
        """End the supervisor and what it holds; returns when the sandbox is free."""
        end_terminals(self.sandbox)
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + DOWN_WITHIN
        while self.sandbox.in_use() and time.monotonic() < deadline:
            time.sleep(0.02)
        if self.sandbox.in_use():
            self._signal(signal.SIGKILL)
        eventually(lambda: None if self.sandbox.in_use() else True, DOWN_WITHIN, what=f"stop {self.sandbox.name}")
        if self._supervisor is not None:
            self._supervisor.wait()

    def _processes(self) -> list[int]:
        found = [int(self.sandbox.pid.read_text())] if self.sandbox.pid.exists() else []
        return [*found, *(int(child["pid"]) for child in self.children().values() if child["pid"])]

    def _signal(self, number: signal.Signals) -> None:
        """To the supervisor, or to a child of one that was killed; to all of them when it is the last one."""
        processes = self._processes() or ([self._supervisor.pid] if self._supervisor else [])
        for pid in processes if number == signal.SIGKILL else processes[:1]:
            if is_ours(pid):
                with suppress(ProcessLookupError):
                    os.kill(pid, number)


def end_terminals(sandbox: Sandbox) -> None:
    """End what runs children elsewhere; a debugger may hold it, then it is killed."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in desired.terminals(sandbox):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        deadline = time.monotonic() + TERMINAL_WITHIN
        while desired.terminals(sandbox) and time.monotonic() < deadline:
            time.sleep(0.02)


def check_nothing_left(processes: list[int], given: dict[str, int]) -> None:
    """TradectlError naming each process that still runs and each port that still answers."""
    with suppress(TradectlError):
        eventually(lambda: None if any(map(is_running, processes)) else True, GONE_WITHIN, what="end")
    running = [f"process {pid}" for pid in processes if is_running(pid)]
    answering = [f"port {port} of {name}" for name, port in ports.taken(given).items()]
    if running or answering:
        left = ", ".join(running + answering)
        raise TradectlError(f"left behind: {left}", "`tradectl doctor` looks for more", ExitCode.LEFT_BEHIND)


def is_running(pid: int) -> bool:
    """Whether the process is there; one that has ended and is not yet reaped is not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's process got the number
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


def _document(path: Path) -> dict[str, Any] | None:
    try:
        return read_json(path) if path.exists() else None
    except TradectlError:  # removed between the two looks
        return None


def last_line(path: Path) -> str:
    """The last line of a file that holds anything."""
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n") if path.exists() else []
    return next((line for line in reversed(lines) if line.strip()), "nothing")


def not_up(sandbox: Sandbox) -> TradectlError:
    """The error of whoever needs a running sandbox."""
    name = "" if sandbox.name == "default" else f" --name {sandbox.name}"
    return TradectlError(f"sandbox {sandbox.name} is not up", f"tradectl up{name}", ExitCode.NOT_UP)
