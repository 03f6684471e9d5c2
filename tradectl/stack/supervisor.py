"""The detached parent of the host: binds the ports, imports what the parts need, starts the host again when it dies.

It starts no thread and no loop, so that forking is safe. The ports stay bound while a killed host comes back.
"""

import gc
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Mapping
from dataclasses import replace
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack import ports
from tradectl.stack.events import EventLog, StackEvent
from tradectl.stack.settings import load as load_settings
from tradectl.stack.state import Sandbox, sandbox
from tradectl.stack.topology import Topology, platform

if TYPE_CHECKING:
    from tradectl.stack.host import Charge

STOP_WITHIN = 5.0
"""Seconds that the host has to stop by itself."""
BACKOFF = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds before each start after the one before failed."""
STABLE_AFTER = 30.0
"""Seconds of life after which a death counts as the first again."""


class Supervisor:
    """Owns the ports and one child."""

    def __init__(self, place: Sandbox) -> None:
        self.sandbox = place
        self.events = EventLog(place.events)
        self.child: int | None = None
        self.restarts = 0
        self._stopping = False
        self._lifeline, self._held = os.pipe()
        self._wakeup, self._signalled = os.pipe()
        os.set_blocking(self._signalled, False)

    def run(self) -> ExitCode:
        """Bring the host up and keep it up; returns when told to stop or when another start would end the same way."""
        signal.set_wakeup_fd(self._signalled, warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, self._on_stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGALRM, self._on_overdue)
        began = time.monotonic()
        topology = platform()
        topology.check()
        names = [f"{part.name}.{port}" for part in topology for port in part.ports]
        sockets = ports.bind(names, self.sandbox.ports)
        self.events.write(StackEvent(kind="bound", seconds=time.monotonic() - began))
        return self._keep_up(self._import(topology, sockets))

    def _import(self, topology: Topology, sockets: Mapping[str, socket.socket]) -> "Charge":
        """Everything that the host will import, while nothing runs yet: without the collector it takes less time."""
        began = time.monotonic()
        gc.disable()
        from tradectl.stack.host import Charge
        from tradectl.stack.part import load

        for part in topology:
            load(part.entry)
        gc.freeze()
        self.events.write(StackEvent(kind="imported", seconds=time.monotonic() - began))
        settings = load_settings(self.sandbox)
        return Charge(sandbox=self.sandbox, topology=topology, settings=settings, sockets=sockets)

    def _keep_up(self, charge: "Charge") -> ExitCode:
        from tradectl.stack import host

        been_up, deaths = False, 0
        while True:
            began = time.monotonic()
            ended = self._run_child(replace(charge, restarts=self.restarts, been_up=been_up))
            been_up = been_up or self.sandbox.host.exists()
            self.sandbox.host.unlink(missing_ok=True)
            if self._stopping:
                self.events.write(StackEvent(kind="stopped"))
                return ExitCode.OK
            if ended is not None and host.is_final(ended, been_up):
                return ended
            deaths = 0 if time.monotonic() - began > STABLE_AFTER else deaths + 1
            self.restarts += 1
            text = "was killed" if ended is None else "ended with an error"
            self.events.write(StackEvent(kind="restarting", part="host", text=text))
            self._sleep(BACKOFF[min(deaths, len(BACKOFF)) - 1])

    def _run_child(self, charge: "Charge") -> ExitCode | None:
        """The host's exit code, None when a signal ended it."""
        pid = os.fork()
        if pid == 0:
            self._be_host(charge)
        self.child = pid
        _, status = os.waitpid(pid, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        self.child = None
        code = os.waitstatus_to_exitcode(status)
        return None if code < 0 else _known(code)

    def _be_host(self, charge: "Charge") -> NoReturn:
        from tradectl.stack import host

        code: int = ExitCode.START_FAILED
        try:
            os.close(self._held)
            code = host.run(charge, self._lifeline)
        except BaseException:  # noqa: BLE001 (whatever it is, this copy of the supervisor must not live on)
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _on_stop(self, _: int, __: FrameType | None) -> None:
        self._stopping = True
        if self.child is None:
            self.events.write(StackEvent(kind="stopped"))
            raise SystemExit(ExitCode.OK)
        os.kill(self.child, signal.SIGTERM)
        signal.setitimer(signal.ITIMER_REAL, STOP_WITHIN)

    def _on_overdue(self, _: int, __: FrameType | None) -> None:
        if self.child is not None:
            os.kill(self.child, signal.SIGKILL)

    def _sleep(self, seconds: float) -> None:
        """Until the time is over or a signal came."""
        select.select([self._wakeup], [], [], seconds)


def _known(code: int) -> ExitCode:
    return ExitCode(code) if code in {known.value for known in ExitCode} else ExitCode.START_FAILED


def main(name: str) -> ExitCode:
    """Supervise a sandbox until told to stop; what goes wrong is the last event."""
    place = sandbox(name)
    if place.hold() is None:
        return ExitCode.CONFLICT
    place.pid.write_text(str(os.getpid()), encoding="ascii")
    place.host.unlink(missing_ok=True)
    events = EventLog(place.events)
    try:
        return Supervisor(place).run()
    except TradectlError as error:
        hint, code = error.hint, error.exit_code
        events.write(StackEvent(kind="failed", text=error.message, hint=hint, exit_code=code))
        return code
    except Exception as error:  # noqa: BLE001 (the last event says what it was)
        traceback.print_exc()
        hint, code = f"the traceback is in {place.logs / 'supervisor.log'}", ExitCode.START_FAILED
        events.write(StackEvent(kind="failed", text=f"{type(error).__name__}: {error}", hint=hint, exit_code=code))
        return code
    finally:
        place.pid.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
