"""What runs in a child of the supervisor: some parts, or all of them, on one event loop."""

import asyncio
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

from services.contracts.manifest import ServiceManifest
from services.runtime import killpoints, log, logfile, patience, waiting
from services.runtime.following import Follower, follow
from tradectl.errors import ExitCode
from tradectl.stack import desired
from tradectl.stack.children import Child, Instance
from tradectl.stack.events import EventLog, Kind, StackEvent
from tradectl.stack.part import Part
from tradectl.stack.plan import INFRASTRUCTURE, LIBRARIES, NOTHING, plan
from tradectl.stack.resources import Charge, announce, clock_url, resources_of
from tradectl.stack.state import write_json

LOOK = 0.2
"""Seconds between two looks whether the rest of the sandbox is there."""
LIFE_AFTER_SUPERVISOR = 4.0
"""Seconds to stop in an orderly way once the supervisor is gone."""


class Host:
    """Starts every part in the order of needs, and stops them in reverse."""

    def __init__(self, charge: Charge) -> None:
        self.charge = charge
        self.name = charge.child.name
        self.events = EventLog(charge.sandbox.events)
        self.parts: dict[str, Part] = {}
        self._opened = {instance.part: asyncio.Event() for instance in charge.child.instances}
        self._end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._announced = False
        self._follower: Follower | None = None
        self._log = log.of_process()

    async def run(self) -> ExitCode:
        """Start, live, stop; the exit code says whether it should be started again."""
        began = time.monotonic()
        start = asyncio.create_task(self._start())
        try:
            await asyncio.wait({start, self._end}, return_when=asyncio.FIRST_COMPLETED)
            if start.done():
                start.result()
                self._announce(time.monotonic() - began)
            await self._end
        except Exception as error:  # noqa: BLE001 (whatever ends the host is reported, once)
            self._log.exception("the host ends")
            return self._report(error)
        finally:
            start.cancel()
            await asyncio.gather(start, return_exceptions=True)
            await self._stop()
        return ExitCode.OK

    def end(self) -> None:
        """Stop in an orderly way."""
        if not self._end.done():
            self._end.set_result(None)

    def be_patient(self) -> None:
        """While a terminal runs a child, a debugger may hold it."""
        said = desired.read(self.charge.sandbox).values()
        if any(desire.want == "elsewhere" for desire in said):
            patience.stretch()
        else:
            patience.relax()

    async def end_without(self, supervised: Callable[[], bool]) -> None:
        """Stop when the rest of the sandbox has."""
        while supervised():  # noqa: ASYNC110 (another process decides)
            await asyncio.sleep(LOOK)
        self.end()

    async def _start(self) -> None:
        await self._follow_clock()
        try:
            async with asyncio.TaskGroup() as group:
                for instance in self._in_order():
                    group.create_task(self._start_part(instance))
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None

    def _in_order(self) -> list[Instance]:
        here = {instance.part: instance for instance in self.charge.child.instances}
        steps = plan(self.charge.layout.topology, NOTHING).steps
        return [here[step.subject] for step in steps if step.subject in here]

    async def _follow_clock(self) -> None:
        """A service in a process of its own needs the market's time before all else."""
        if self.charge.child.service:
            self._follower = await follow(clock_url(self.charge))

    async def _start_part(self, instance: Instance) -> None:
        """What it needs of other processes may come later: it waits for those alone that are here."""
        manifest = self.charge.layout.topology[instance.part]
        for need in self._here(manifest.needs):
            await self._opened[need].wait()
        grounds = (LIBRARIES, INFRASTRUCTURE) if self.charge.child.service else (LIBRARIES,)
        after = self._here(manifest.needs) or grounds
        self.events.write(StackEvent(kind="starting", part=instance.name, after=after))
        part = self.parts[instance.part] = Part(manifest, self._on_loop_end)
        began = time.monotonic()
        await part.open(resources_of(self.charge, instance))
        self._opened[instance.part].set()
        await self._open_queues(manifest)
        part.begin()
        await part.become_ready()
        self.events.write(
            StackEvent(kind="ready", part=instance.name, seconds=time.monotonic() - began, until=part.late)
        )

    def _here(self, parts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(part for part in parts if part in self._opened)

    async def _open_queues(self, manifest: ServiceManifest) -> None:
        """No event is sent before every queue of this process is there to take it."""
        if manifest.kind == "service":
            services = self._here(tuple(service.name for service in self.charge.layout.topology.services))
            await asyncio.gather(*(self._opened[service].wait() for service in services))

    def _on_loop_end(self, part: Part, error: BaseException) -> None:
        if not self._end.done():
            error.add_note(f"in a loop of {part.name}")
            self._end.set_exception(error)

    def _announce(self, seconds: float) -> None:
        gc.freeze()
        # A batch of market messages is thousands of tuples: at the default of 700 the collector takes half the time,
        # and at 50,000 it stops everything for 40 ms.
        gc.set_threshold(5_000, 20, 50)
        gc.enable()
        announce(self.charge, os.getpid())
        self._announced = True
        self.events.write(StackEvent(kind="up", part=self.name, seconds=seconds))
        self._log.info("up", seconds=round(seconds, 3), restarts=self.charge.restarts, pid=os.getpid())
        write_json(self.charge.sandbox.modules / f"{self.name}.json", modules(self.charge.known))

    def _report(self, error: Exception) -> ExitCode:
        code = _exit_code(error)
        text = getattr(error, "message", None) or str(error) or type(error).__name__
        hint = getattr(error, "hint", None) or f"the logs lie in {self.charge.sandbox.logs}"
        been_up = self.charge.been_up or self._announced
        kind: Kind = "failed" if is_final(code, self.charge.child, been_up) else "crashed"
        self.events.write(StackEvent(kind=kind, part=self.name, text=str(text), hint=str(hint), exit_code=code))
        return code

    async def _stop(self) -> None:
        order = [name for name in self.charge.layout.topology.start_order() if name in self.parts]
        await asyncio.gather(*(self.parts[name].close_door() for name in order))
        for name in reversed(order):
            await self.parts[name].stop()
        if self._follower is not None:
            await self._follower.close()


def modules(known: frozenset[str]) -> dict[str, list[str]]:
    """What is imported, and what of it the parent had not."""
    return {"modules": sorted(sys.modules), "imported": sorted(sys.modules.keys() - known)}


def is_final(code: ExitCode, child: Child, been_up: bool) -> bool:
    """Whether all ends with it: when it never worked, and on bad input to what the others stand on."""
    return not been_up or (code is ExitCode.BAD_INPUT and not child.service)


def _exit_code(error: BaseException) -> ExitCode:
    """A part's error that carries a hint is for its user to mend; all others are the part's own."""
    code = getattr(error, "exit_code", None)
    if isinstance(code, ExitCode):
        return code
    return ExitCode.BAD_INPUT if getattr(error, "hint", None) else ExitCode.START_FAILED


def run(charge: Charge, lifeline: int) -> ExitCode:
    """Run a child in this process until it is told to end, or the supervisor's end of the lifeline is closed."""
    import uvloop

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    killpoints.arm_from_environment(charge.restarts)
    waiting.mend()
    logfile.configure(charge.sandbox.logs, _files(charge), process=charge.child.speaker)
    threading.Thread(target=_watch, args=(lifeline,), daemon=True).start()

    async def main() -> ExitCode:
        log.watch_for_crashes()
        host = Host(charge)
        host.be_patient()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, host.end)
        asyncio.get_running_loop().add_signal_handler(desired.LOOK, host.be_patient)
        return await host.run()

    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(main())
    finally:
        logfile.flush()


def run_here(charge: Charge, supervised: Callable[[], bool], show: Callable[[bytes], None]) -> ExitCode:
    """Run a child in a process of its user's, on the loop that debuggers know, until it is interrupted."""
    logfile.configure(charge.sandbox.logs, _files(charge), show, process=charge.child.speaker)
    waiting.mend()
    patience.stretch()

    async def main() -> ExitCode:
        log.watch_for_crashes()
        host = Host(charge)
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, host.end)
        watching = asyncio.create_task(host.end_without(supervised))
        code = await host.run()
        watching.cancel()
        return code

    try:
        with asyncio.Runner() as runner:
            return runner.run(main())
    finally:
        (charge.sandbox.ready / f"{charge.child.name}.json").unlink(missing_ok=True)
        logfile.flush()


def _files(charge: Charge) -> dict[str, str]:
    """Log files are named by instance."""
    return {instance.part: instance.name for instance in charge.child.instances}


def _watch(lifeline: int) -> None:
    """A thread, because it must also end a loop that is stuck."""
    while os.read(lifeline, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LIFE_AFTER_SUPERVISOR)
    os._exit(ExitCode.START_FAILED)
