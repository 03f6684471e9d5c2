"""The one process that holds every part: one event loop, under a supervisor."""

import asyncio
import gc
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from services.contracts.manifest import ServiceManifest
from services.runtime import killpoints, log, logfile
from services.runtime.resources import Resources
from tradectl.errors import ExitCode
from tradectl.stack.events import EventLog, Kind, StackEvent
from tradectl.stack.part import Part
from tradectl.stack.plan import NOTHING, plan
from tradectl.stack.ports import endpoint
from tradectl.stack.settings import RunSettings
from tradectl.stack.state import Sandbox, write_json
from tradectl.stack.topology import Topology

NAME = "host"
ADMIN = "admin@tradectl.invalid"
"""The first admin's address; the password is among the sandbox's secrets."""
LIFE_AFTER_SUPERVISOR = 4.0
"""Seconds to stop in an orderly way once the supervisor is gone."""


@dataclass(frozen=True, kw_only=True)
class Charge:
    """What the supervisor hands to its child."""

    sandbox: Sandbox
    topology: Topology
    settings: RunSettings
    sockets: Mapping[str, socket.socket]
    restarts: int = 0
    been_up: bool = False
    """Whether an earlier host of this supervisor was ready: then a failure is tried again."""


class Host:
    """Starts every part in the order of needs, and stops them in reverse."""

    def __init__(self, charge: Charge) -> None:
        self.charge = charge
        self.events = EventLog(charge.sandbox.events)
        self.parts: dict[str, Part] = {}
        self._keys = charge.sandbox.keys()
        self._opened = {name: asyncio.Event() for name in charge.topology.parts}
        self._end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._announced = False
        self._log = log.logger(NAME)

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

    async def _start(self) -> None:
        steps = plan(self.charge.topology, NOTHING).steps
        try:
            async with asyncio.TaskGroup() as group:
                for step in steps:
                    if step.subject in self.charge.topology.parts:
                        group.create_task(self._start_part(self.charge.topology[step.subject]))
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None

    async def _start_part(self, manifest: ServiceManifest) -> None:
        for need in manifest.needs:
            await self._opened[need].wait()
        self.events.write(StackEvent(kind="starting", part=manifest.name))
        part = self.parts[manifest.name] = Part(manifest, self._on_loop_end)
        began = time.monotonic()
        await part.open(self._resources(manifest))
        self._opened[manifest.name].set()
        if manifest.kind == "service":
            # No event is sent before every queue is there to take it.
            await asyncio.gather(*(self._opened[service.name].wait() for service in self.charge.topology.services))
        part.begin()
        await part.become_ready()
        self.events.write(StackEvent(kind="ready", part=manifest.name, seconds=time.monotonic() - began))

    def _on_loop_end(self, part: Part, error: BaseException) -> None:
        if not self._end.done():
            error.add_note(f"in a loop of {part.name}")
            self._end.set_exception(error)

    def _resources(self, manifest: ServiceManifest) -> Resources:
        sandbox, topology = self.charge.sandbox, self.charge.topology
        state = sandbox.data / manifest.name
        state.mkdir(mode=0o700, exist_ok=True)
        urls = {
            "broker": f"memory://broker?path={quote(str(sandbox.data / 'broker.db'))}",
            "cache": "memory://cache",
            "clock": "memory://clock",
            **{service.name: f"asgi://{service.name}" for service in topology.services},
            **{name: endpoint(name, bound.getsockname()[1]) for name, bound in self.charge.sockets.items()},
        }
        if manifest.database:
            urls["database"] = f"sqlite+aiosqlite:///{sandbox.data / f'{manifest.name}.db'}"
        return Resources(
            name=manifest.name,
            urls=urls,
            sockets={port: self.charge.sockets[f"{manifest.name}.{port}"] for port in manifest.ports},
            state=state,
            seed=self.charge.settings.seed,
            key=self._keys["key"],
            options={
                **self.charge.settings.options(),
                "admin_email": ADMIN,
                **{name: key for name, key in self._keys.items() if name != "key"},
            },
        )

    def _announce(self, seconds: float) -> None:
        gc.freeze()
        # A batch of market messages is thousands of tuples: at the default of 700 the collector takes half the time,
        # and at 50,000 it stops everything for 40 ms.
        gc.set_threshold(5_000, 20, 50)
        gc.enable()
        ports = {name: bound.getsockname()[1] for name, bound in self.charge.sockets.items()}
        document = {
            "pid": os.getpid(),
            "started": time.time_ns() // 1_000,
            "restarts": self.charge.restarts,
            "endpoints": {name: endpoint(name, port) for name, port in ports.items()},
        }
        write_json(self.charge.sandbox.host, document)
        self._announced = True
        self.events.write(StackEvent(kind="up", seconds=seconds))
        self._log.info("up", seconds=round(seconds, 3), restarts=self.charge.restarts, pid=os.getpid())
        write_json(self.charge.sandbox.modules, {"modules": sorted(sys.modules)})

    def _report(self, error: Exception) -> ExitCode:
        code = _exit_code(error)
        text = getattr(error, "message", None) or str(error) or type(error).__name__
        hint = getattr(error, "hint", None) or f"the logs lie in {self.charge.sandbox.logs}"
        been_up = self.charge.been_up or self._announced
        kind: Kind = "failed" if is_final(code, been_up) else "crashed"
        self.events.write(StackEvent(kind=kind, part=NAME, text=str(text), hint=str(hint), exit_code=code))
        return code

    async def _stop(self) -> None:
        order = [name for name in self.charge.topology.start_order() if name in self.parts]
        await asyncio.gather(*(self.parts[name].close_door() for name in order))
        for name in reversed(order):
            await self.parts[name].stop()


def is_final(code: ExitCode, been_up: bool) -> bool:
    """Whether another start would end the same way: bad input always, anything else when it never worked."""
    return code is ExitCode.BAD_INPUT or not been_up


def _exit_code(error: BaseException) -> ExitCode:
    """A part's error that carries a hint is for its user to mend; all others are the part's own."""
    code = getattr(error, "exit_code", None)
    if isinstance(code, ExitCode):
        return code
    return ExitCode.BAD_INPUT if getattr(error, "hint", None) else ExitCode.START_FAILED


def run(charge: Charge, lifeline: int) -> ExitCode:
    """Run the host in this process until it is told to end, or the supervisor's end of the lifeline is closed."""
    import uvloop

    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    killpoints.arm_from_environment(charge.restarts)
    logfile.configure(charge.sandbox.logs)
    threading.Thread(target=_watch, args=(lifeline,), daemon=True).start()

    async def main() -> ExitCode:
        log.watch_for_crashes(NAME)
        host = Host(charge)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, host.end)
        return await host.run()

    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(main())
    finally:
        logfile.flush()


def _watch(lifeline: int) -> None:
    """A thread, because it must also end a loop that is stuck."""
    while os.read(lifeline, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LIFE_AFTER_SUPERVISOR)
    os._exit(ExitCode.START_FAILED)
