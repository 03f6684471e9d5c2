"""Everything in one process under a supervisor, without Docker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tradectl.errors import ExitCode, TradectlError
from tradectl.probes.eventually import eventually
from tradectl.stack import ports
from tradectl.stack.events import EventLog, EventReader, StackEvent
from tradectl.stack.plan import Observed, PartState, Plan
from tradectl.stack.settings import RunSettings, keep
from tradectl.stack.state import Sandbox, read_json, unusable
from tradectl.stack.topology import PARTS

DOWN_WITHIN = 10.0
"""Seconds; the supervisor gives the host five."""


class Embedded:
    """The embedded backend of one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._supervisor: subprocess.Popen[bytes] | None = None
        self._events = EventReader(EventLog(sandbox.events))

    def observe(self) -> Observed:
        """What runs now: a part is ready once the host has said that all are; its own page tells what it lost since."""
        if not self.sandbox.in_use():
            return Observed()
        document = self.host()
        state: PartState = "starting" if document is None else "ready"
        return Observed(supervisor=True, parts=dict.fromkeys(PARTS, state))

    def host(self) -> dict[str, Any] | None:
        """What the ready host says of itself; None while there is none."""
        try:
            return read_json(self.sandbox.host) if self.sandbox.host.exists() else None
        except TradectlError:  # replaced by a restart between the two looks
            return None

    def apply(self, plan: Plan, settings: RunSettings) -> None:
        """Start the supervisor where the plan says so; it starts everything else. Returns at once."""
        log = EventLog(self.sandbox.events)
        self._events = EventReader(log, log.end())
        if not plan or plan.steps[0].subject != "supervisor":
            return
        command = [sys.executable, "-P", "-m", "tradectl.stack.supervisor", self.sandbox.name]
        try:
            keep(self.sandbox, settings)
            self.sandbox.host.unlink(missing_ok=True)
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
            raise TradectlError("the stack ended while it was starting", f"{log} says why: {last_line(log)}")

    def endpoint(self, part: str, port: str = "http") -> str:
        """The URL of a part's port; TradectlError when the sandbox is not up."""
        document = self.host() if self.sandbox.in_use() else None
        if document is None:
            raise not_up(self.sandbox)
        return str(document["endpoints"][f"{part}.{port}"])

    def quote(self) -> dict[str, Any] | None:
        """A first price; None while there is none, or no host that is ready."""
        document = self.host()
        if document is None:
            return None
        from tradectl.probes.market import first_quote

        return first_quote(document["endpoints"]["market_data.http"], self.sandbox.keys()["key"])

    def logs(self, part: str) -> Path:
        """The file of a part's log lines."""
        return self.sandbox.logs / f"{part}.jsonl"

    def down(self) -> bool:
        """Stop everything and check that nothing is left; whether anything ran."""
        if not self.sandbox.in_use():
            return False
        given = ports.remembered(self.sandbox.ports)
        processes = self._processes()
        self.stop()
        check_nothing_left(processes, given)
        return True

    def stop(self) -> None:
        """End the supervisor and what it holds; returns when the sandbox is free."""
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
        document = self.host()
        return [*found, *([int(document["pid"])] if document else [])]

    def _signal(self, number: signal.Signals) -> None:
        """To the supervisor, or to the host of one that was killed; to both when it is the last one."""
        processes = self._processes() or ([self._supervisor.pid] if self._supervisor else [])
        for pid in processes if number == signal.SIGKILL else processes[:1]:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue


def check_nothing_left(processes: list[int], given: dict[str, int]) -> None:
    """TradectlError naming each process that still runs and each port that still answers."""
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


def last_line(path: Path) -> str:
    """The last line of a file that holds anything."""
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n") if path.exists() else []
    return next((line for line in reversed(lines) if line.strip()), "nothing")


def not_up(sandbox: Sandbox) -> TradectlError:
    """The error of whoever needs a running sandbox."""
    name = "" if sandbox.name == "default" else f" --name {sandbox.name}"
    return TradectlError(f"sandbox {sandbox.name} is not up", f"tradectl up{name}", ExitCode.NOT_UP)
