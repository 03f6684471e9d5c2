"""One part in the host: opened by its entry point, served on its socket, kept running, stopped."""

import asyncio
import time
from collections.abc import Callable

from services.contracts.manifest import ServiceManifest
from services.runtime import local
from services.runtime.log import logger
from services.runtime.resources import Loop, Resources, Running
from services.runtime.serve import Server, serve
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.pages import with_pages
from tradectl.stack.warm import load

READY_WITHIN = 60.0
"""Seconds from opened to ready, catching up after a crash included."""
STOP_WITHIN = 2.0
"""Seconds for one part; the whole host has five."""


class Part:
    """A part that runs; ``on_end`` hears of a loop of it that ended though it never should."""

    def __init__(self, manifest: ServiceManifest, on_end: Callable[["Part", BaseException], None]) -> None:
        self.manifest = manifest
        self.running: Running | None = None
        self.late: tuple[str, ...] = ()
        """The conditions that were met last."""
        self._on_end = on_end
        self._server: Server | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._log = logger(manifest.name)

    @property
    def name(self) -> str:
        return self.manifest.name

    async def open(self, resources: Resources) -> None:
        """Open and serve: whoever needs this part can be opened now."""
        running = await load(self.manifest.entry)(resources)  # type: ignore[misc]
        if not isinstance(running, Running):
            raise TypeError(f"{self.manifest.entry} returned {type(running).__name__}, not Running")
        self.running = running
        if running.asgi is not None:
            local.offer(f"asgi://{self.name}", running.asgi)
        if "http" in resources.sockets:
            asgi = running.asgi if self.manifest.kind == "service" else None
            self._server = await serve(asgi or with_pages(self.name, running, resources.key), resources.sockets["http"])

    def begin(self) -> None:
        """Start its loops for life."""
        loops = self.running.tasks if self.running else ()
        self._tasks = [asyncio.create_task(self._keep(loop), name=self.name) for loop in loops]

    async def become_ready(self) -> None:
        """Return when nothing is missing."""
        running = self.running or Running()
        deadline = time.monotonic() + READY_WITHIN
        while unmet := await running.ready():
            self.late = tuple(unmet)
            if time.monotonic() > deadline:
                said = "; ".join(f"{name}: {why}" for name, why in unmet.items())
                hint = f"`tradectl logs {self.name}` says more"
                raise TradectlError(
                    f"{self.name} was not ready within {READY_WITHIN:g} s: {said}", hint, ExitCode.START_FAILED
                )
            await asyncio.sleep(0.003)

    async def _keep(self, loop: Loop) -> None:
        try:
            await loop()
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 (whatever it is, the host ends and says so)
            self._log.exception("a loop of this part failed")
            self._on_end(self, error)
        else:
            self._on_end(self, RuntimeError("a loop that runs for life returned"))

    async def close_door(self) -> None:
        """Take no more requests, finish those under way."""
        if self._server is not None:
            await self._server.stop()
            self._server = None

    async def stop(self) -> None:
        """End its loops and let it close what it holds; what does not end in time is named in its log."""
        for task in self._tasks:
            task.cancel()
        try:
            async with asyncio.timeout(STOP_WITHIN):
                await asyncio.gather(*self._tasks, return_exceptions=True)
                if self.running is not None:
                    await self.running.stop()
        except TimeoutError:
            self._log.warning("did not stop in time", seconds=STOP_WITHIN)
        except Exception:  # noqa: BLE001 (the others must be stopped all the same)
            self._log.exception("did not stop cleanly")
