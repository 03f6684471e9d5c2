"""The detached parent of all children: binds the ports, imports what the parts need, starts again what dies.

It starts no thread and no event loop, so that forking is safe. The ports stay bound while a killed child comes back.
"""

import gc
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack import desired
from tradectl.stack.children import Child, Layout, layout_of
from tradectl.stack.disturbed import Disturbing, go_on_without
from tradectl.stack.events import EventLog, StackEvent
from tradectl.stack.process import Process
from tradectl.stack.recording import Recording
from tradectl.stack.settings import load as load_settings
from tradectl.stack.sockets import Sockets
from tradectl.stack.state import Sandbox, sandbox, write_json


class Supervisor:
    """Owns the ports and the children."""

    def __init__(self, place: Sandbox) -> None:
        self.sandbox = place
        self.events = EventLog(place.events)
        self.processes: dict[str, Process] = {}
        self._imported_at = time.time()
        self._been_up = False
        self._told: Mapping[str, Mapping[str, Any]] = {}
        self._elsewhere: set[str] = set()
        self._disturbing = Disturbing(place)
        self._recording = Recording(place)
        self._own = os.getpid()
        self._stopping = False
        self._contained = False
        """Whether the children stand for containers."""
        self._end = ExitCode.OK
        self._lifeline, self._held = os.pipe()
        self._wakeup, self._signalled = os.pipe()
        for end in (self._wakeup, self._signalled):
            os.set_blocking(end, False)

    def run(self) -> ExitCode:
        """Bring the children up and keep them up until told to stop, or until another start would end the same."""
        signal.set_wakeup_fd(self._signalled, warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, self._on_stop)
        for number in (signal.SIGINT, desired.LOOK):
            signal.signal(number, signal.SIG_IGN)
        for number in (signal.SIGCHLD, signal.SIGHUP):
            signal.signal(number, _wake)
        began = time.monotonic()
        settings = load_settings(self.sandbox)
        layout = layout_of(settings)
        self._contained = settings.backend == "compose"
        self.sockets = Sockets(layout.ports, self.sandbox.ports)
        self.events.write(StackEvent(kind="bound", seconds=time.monotonic() - began))
        self._import(layout)
        self.processes = {child.name: self._process(child, layout.own_ports(child)) for child in layout}
        return self._keep_up()

    def _process(self, child: Child, ports: tuple[str, ...]) -> Process:
        """A child; where it stands for a container, it stands still and dies with that."""
        if not self._contained:
            return Process(child, ports)
        from tradectl.stack.composed.contained import Contained

        return Contained(child, ports, sandbox=self.sandbox)

    def _import(self, layout: Layout) -> None:
        """Everything that a child will import, while nothing runs yet: without the collector it takes less time."""
        began = time.monotonic()
        gc.disable()
        self._imported_at = time.time()
        if self._contained:
            import docker  # noqa: F401 (for the children, who stand for containers)

            from tradectl.stack.composed import stand_in  # noqa: F401
        else:
            from tradectl.stack import host  # noqa: F401 (for the children)
            from tradectl.stack.warm import load_all

            load_all(layout)
        gc.freeze()
        self.events.write(StackEvent(kind="imported", seconds=time.monotonic() - began))

    def _keep_up(self) -> ExitCode:
        while self._living() or self._disturbing.keeping or not self._stopping:
            self._heed()
            self._start_what_is_due()
            if not self._stopping:
                self._recording.look(self._lifeline, self._leave)
            self._sleep()
            self._reap()
            for process in self.processes.values():
                process.kill_overdue()
        os.close(self._held)
        self._recording.end()
        self.events.write(StackEvent(kind="stopped"))
        return self._end

    def _living(self) -> list[Process]:
        return [process for process in self.processes.values() if process.pid is not None]

    def _heed(self) -> None:
        """Do what is asked: of one, or of all, services before the world that they speak with."""
        if self._stopping:
            living = self._living()
            self._disturbing.end(living)
            for process in [each for each in living if each.child.service] or living:
                process.end()
            return
        asked = desired.read(self.sandbox)
        elsewhere = {name for name, desire in asked.items() if desire.want == "elsewhere"}
        if elsewhere != self._elsewhere:
            self._elsewhere = elsewhere
            for process in self._living():
                process.signal(desired.LOOK)
        for name, process in self.processes.items():
            desire = asked.get(name, desired.NOTHING_ASKED)
            if desire != process.desire:
                process.wish(desire)
            if process.pid is None and desire.want != "running":
                self.sockets.withhold(process.ports)
        self._disturbing.heed(self.processes)
        self._tell()

    def _start_what_is_due(self) -> None:
        due = [process for process in self.processes.values() if process.may_start() and not self._stopping]
        served = self.sandbox.infrastructure.exists()
        for process in due:
            if served or not process.child.service:
                self._start(process)
        if not served and any(process.child.service for process in due) and not self.sandbox.attended():
            hint = "`tradectl up` starts it again, `tradectl gc` removes what is left"
            raise TradectlError("what the services need was never started: `up` ended before", hint)

    def _start(self, process: Process) -> None:
        """One whose port somebody else has taken meanwhile is tried again: the others need not end for that.

        What runs from another tree listens by itself.
        """
        try:
            if process.name in load_settings(self.sandbox).trees:
                self.sockets.withhold(process.ports)
            else:
                self.sockets.listen(process.ports)
        except TradectlError as error:
            process.put_off(error.message)
            self._tell()
        else:
            self._fork(process)

    def _fork(self, process: Process) -> None:
        pid = os.fork()
        if pid == 0:
            self._be(process)
        process.started(pid)
        self._tell()

    def _be(self, process: Process) -> NoReturn:
        """This copy of the supervisor becomes the child; whatever happens, it must not live on as a supervisor."""
        code: int = ExitCode.START_FAILED
        try:
            self._become_child()
            code = self._run_child(process)
        except BaseException:  # noqa: BLE001 (see above)
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _become_child(self) -> None:
        """In a fork: signals as usual, and an end when the supervisor ends."""
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        os.close(self._held)
        go_on_without(self._own)

    def _leave(self) -> None:
        """In a fork that serves nothing."""
        self._become_child()
        self.sockets.keep_only(())

    def _run_child(self, process: Process) -> ExitCode:
        from tradectl.stack import warm

        if process.renewed and not self._contained:
            warm.drop_changed(process.child, self._imported_at)
        known = frozenset(sys.modules)
        from tradectl.stack.resources import charge_of

        sockets = self.sockets.keep_only(process.ports)
        been_up = self._been_up or process.renewed
        restarts = process.restarts
        charge = charge_of(self.sandbox, process.name, sockets, known=known, restarts=restarts, been_up=been_up)
        if self._contained:
            from tradectl.stack.composed import stand_in

            return stand_in.run(charge, self._lifeline)
        if tree := charge.settings.trees.get(process.name):
            from tradectl.stack.tree import become

            become(charge, Path(tree), self._lifeline)
        from tradectl.stack import host

        os.nice(process.child.nice)
        return host.run(charge, self._lifeline)

    def _reap(self) -> None:
        with suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                pid, status = found
                if not self._disturbing.reaped(pid, status) and not self._recording.reaped(pid):
                    self._buried(next(each for each in self._living() if each.pid == pid), status)

    def _buried(self, process: Process, status: int) -> None:
        """A child has ended: whether all ends with it, or when it comes back."""
        from tradectl.stack.host import is_final

        asked = process.overdue is not None or self._stopping
        self._been_up = self._been_up or all(self._ready(name).exists() for name in self.processes)
        been_up = self._been_up or self._ready(process.name).exists() or process.renewed
        self._ready(process.name).unlink(missing_ok=True)
        ended = process.reaped(status)
        if asked:
            self.events.write(StackEvent(kind="ended", part=process.name))
        elif ended is not None and is_final(ended, process.child, been_up):
            self._end, self._stopping = ended, True
        else:
            self.events.write(StackEvent(kind="restarting", part=process.name, text=process.ended))

    def _ready(self, child: str) -> Path:
        return self.sandbox.ready / f"{child}.json"

    def _tell(self) -> None:
        """What `ps` shows; written when it has changed."""
        told = {name: each.document() for name, each in self.processes.items()}
        if told != self._told:
            self._told = told
            write_json(self.sandbox.children, told)

    def _on_stop(self, _: int, __: object) -> None:
        self._stopping = True
        if not self.processes:
            self.events.write(StackEvent(kind="stopped"))
            raise SystemExit(ExitCode.OK)

    def _sleep(self) -> None:
        """Until a signal comes, or something is due."""
        now = time.monotonic()
        looks = [self._disturbing.next_look(), *(process.next_look(now) for process in self.processes.values())]
        moments = [look for look in looks if look is not None]
        select.select([self._wakeup], [], [], max(0.0, min(moments) - now) if moments else None)
        with suppress(BlockingIOError):
            os.read(self._wakeup, 4096)


def _wake(_: int, __: object) -> None:
    """The wakeup pipe has said it."""


def main(name: str) -> ExitCode:
    """Supervise a sandbox until told to stop; what goes wrong is the last event."""
    place = sandbox(name)
    if place.hold() is None:
        return ExitCode.CONFLICT
    place.pid.write_text(str(os.getpid()), encoding="ascii")
    for left in (place.children, place.faults, *place.ready.iterdir()):
        left.unlink(missing_ok=True)
    events = EventLog(place.events)
    supervisor = Supervisor(place)
    try:
        return supervisor.run()
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
