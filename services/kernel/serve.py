"""``python -m services.kernel.serve NAME``: one service in a process of its own, from the environment.

services/runtime/environment.py says what is read there; TRADECTL_LOGS is the folder of log files, without which lines
go to stderr; TRADECTL_INSTANCE the name of the file of a further copy; TRADECTL_FAULTS what is broken on purpose from
the start.
"""

import asyncio
import importlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop

from services.contracts.manifest import ServiceManifest
from services.runtime import faults, killpoints, log, logfile, waiting
from services.runtime.environment import resources_from
from services.runtime.following import follow
from services.runtime.otlp import outlet
from services.runtime.resources import Resources, Running
from services.runtime.serve import serve


def entry_of(name: str) -> Callable[[Resources], Awaitable[Running]]:
    """The entry point that the service's manifest names."""
    manifest: ServiceManifest = importlib.import_module(f"services.{name}.manifest").MANIFEST
    module, _, function = manifest.entry.partition(":")
    entry: Callable[[Resources], Awaitable[Running]] = getattr(importlib.import_module(module), function)
    return entry


async def run(name: str, resources: Resources) -> None:
    """Serve until SIGTERM or SIGINT, or until a task of the service ends."""
    log.watch_for_crashes()
    clock = resources.urls.get("clock", "")
    follower = await follow(clock) if clock.startswith("http://") else None
    running = await entry_of(name)(resources)
    faults.begin(name, os.environ)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = await serve(running.asgi, resources.sockets["http"]) if running.asgi else None
    if server:
        log.logger(name).info("listening", port=server.port)
    try:
        await until_stopped(stop, running)
    finally:
        if server:
            await server.stop()
        await running.stop()
        if follower:
            await follower.close()


async def until_stopped(stop: asyncio.Event, running: Running) -> None:
    """Run the tasks; one that ends by itself is an error."""
    waiting = asyncio.ensure_future(stop.wait())
    tasks = [asyncio.ensure_future(task()) for task in running.tasks]
    done, _ = await asyncio.wait([waiting, *tasks], return_when=asyncio.FIRST_COMPLETED)
    for task in (waiting, *tasks):
        task.cancel()
    await asyncio.gather(waiting, *tasks, return_exceptions=True)
    for task in done - {waiting}:
        task.result()
        raise RuntimeError("a task of the service ended")


def main() -> None:
    killpoints.arm_from_environment()
    name = sys.argv[1]
    waiting.mend()
    folder = os.environ.get("TRADECTL_LOGS")
    names = {name: os.environ.get("TRADECTL_INSTANCE", name)}
    logfile.configure(Path(folder) if folder else None, names, also=outlet.begin(os.environ), process=name)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run(name, resources_from(name, os.environ)))


if __name__ == "__main__":
    main()
