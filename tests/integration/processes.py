"""Instances of a service as processes of their own, to be killed and paused."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from services.runtime.asgi import ASGIApp
from services.runtime.serve import bind, serve
from tests.eventually import eventually
from tests.integration.bff.stack import KEY


class Instance:
    """One process of a service; ``url`` is where it serves."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self.process = process
        self.url = url

    async def ready(self) -> bool:
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as client:
            return bool((await client.get("/ready")).json()["status"] == "ready")

    async def kill(self) -> None:
        """As kill -9 does."""
        self.process.kill()
        await self.process.wait()

    async def stop(self) -> None:
        """In order."""
        self.process.terminate()
        assert await self.process.wait() == 0

    def pause(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)


@asynccontextmanager
async def instance(name: str, folder: Path, urls: Mapping[str, str]) -> AsyncIterator[Instance]:
    """Ready, and killed at the end of the block if it lives."""
    with bind() as reserved:
        port = reserved.getsockname()[1]
    environment = {
        **os.environ,
        "TRADECTL_URLS": json.dumps(urls),
        "TRADECTL_PORT": str(port),
        "TRADECTL_STATE": str(folder),
        "TRADECTL_LOGS": str(folder / f"logs-{port}"),
        "TRADECTL_KEY": KEY,
    }
    command = [sys.executable, "-m", "services.kernel.serve", name]
    process = await asyncio.create_subprocess_exec(*command, env=environment)
    made = Instance(process, f"http://127.0.0.1:{port}")
    try:
        await eventually(made.ready, timeout=20, every=0.05)
        yield made
    finally:
        if process.returncode is None:
            await made.kill()


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """A peer on a socket; its URL."""
    server = await serve(app, bind())
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        await server.stop()
