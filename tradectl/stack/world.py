"""``python -m tradectl.stack.world``: the simulators in a process of their own, from the environment.

As of a service, but TRADECTL_PORTS names ports by ``part.port``, and each part has its folder in TRADECTL_STATE;
an option that is empty was not given.
"""

import asyncio
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from services.contracts.manifest import ServiceManifest
from services.runtime import log, logfile, waiting
from services.runtime.environment import resources_from
from services.runtime.otlp import outlet
from services.runtime.resources import Resources
from tradectl.stack.part import Part
from tradectl.stack.topology import platform

OnEnd = Callable[[Part, BaseException], None]
CLOCK = "memory://clock"
"""The clock is this process's own."""


def resources_of(manifest: ServiceManifest, given: Resources) -> Resources:
    """What of all that was given is this part's."""
    state = given.state / manifest.name
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    sockets = {port: given.sockets[f"{manifest.name}.{port}"] for port in manifest.ports}
    options = {name: value for name, value in given.options.items() if value}
    urls = {**given.urls, "clock": CLOCK}
    return replace(given, name=manifest.name, state=state, sockets=sockets, urls=urls, options=options)


async def run(environment: Mapping[str, str]) -> None:
    """Serve until SIGTERM or SIGINT; the error of a loop that ends is raised."""
    log.watch_for_crashes()
    end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, _end, end)

    def failed(part: Part, error: BaseException) -> None:
        if not end.done():
            error.add_note(f"in a loop of {part.name}")
            end.set_exception(error)

    parts: list[Part] = []
    try:
        await _start(parts, resources_from("sim", environment), failed)
        log.of_process().info("up", parts=[part.name for part in parts])
        await end
    finally:
        for part in parts:
            await part.close_door()
        for part in reversed(parts):
            await part.stop()


async def _start(parts: list[Part], given: Resources, failed: OnEnd) -> None:
    """Those that were given ports, in the order of needs; one that has ended is in the list as well."""
    topology = platform()
    for name in topology.start_order():
        manifest = topology[name]
        if not given.sockets.keys() >= {f"{name}.{port}" for port in manifest.ports}:
            continue
        part = Part(manifest, failed)
        parts.append(part)
        await part.open(resources_of(manifest, given))
        part.begin()
    for part in parts:
        await part.become_ready()


def _end(end: "asyncio.Future[None]") -> None:
    if not end.done():
        end.set_result(None)


def main() -> None:
    import uvloop

    waiting.mend()
    folder = os.environ.get("TRADECTL_LOGS")
    logfile.configure(Path(folder) if folder else None, also=outlet.begin(os.environ), process="sim")
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(run(os.environ))
    finally:
        logfile.flush()


if __name__ == "__main__":
    main()
