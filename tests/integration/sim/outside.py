"""The outside world in the test's own loop: simulators by their manifests, on real sockets."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import cast

from services.contracts.manifest import ServiceManifest
from services.runtime import local
from services.runtime.resources import Resources, Running
from services.runtime.serve import bind, serve

KEY = "the-key"

Ports = Mapping[str, int]


@asynccontextmanager
async def outside(
    state: Path, *parts: str, ports: Ports | None = None, options: Mapping[str, str] | None = None
) -> AsyncIterator[Ports]:
    """Run the parts, in this order; yields the port of each socket, by a name such as ``broker.fix``.

    ``ports`` are to be taken again; ``options`` go to every part.
    """
    taken = dict(ports or {})
    async with AsyncExitStack() as stack:
        stack.callback(local.clear)
        for name in parts:
            await _start(stack, name, state, taken, {"provider_key": KEY, **(options or {})})
        yield taken


async def _start(
    stack: AsyncExitStack, name: str, state: Path, taken: dict[str, int], options: Mapping[str, str]
) -> None:
    manifest: ServiceManifest = import_module(f"sim.{name}.manifest").MANIFEST
    sockets = {port: bind(taken.get(f"{name}.{port}", 0)) for port in manifest.ports}
    taken |= {f"{name}.{port}": bound.getsockname()[1] for port, bound in sockets.items()}
    module, _, function = manifest.entry.partition(":")
    folder = state / name
    folder.mkdir(exist_ok=True)
    running = cast(
        Running,
        await getattr(import_module(module), function)(
            Resources(
                name=name,
                urls={"clock": "memory://clock"},
                sockets=sockets,
                state=folder,
                seed=7,
                key=KEY,
                options=options,
            )
        ),
    )
    stack.push_async_callback(running.stop)
    if running.asgi is not None:
        stack.push_async_callback((await serve(running.asgi, sockets["http"])).stop)
    stack.push_async_callback(_end, [asyncio.ensure_future(task()) for task in running.tasks])


async def _end(loops: list[asyncio.Future[None]]) -> None:
    """Cancel the loops; one that had ended by itself is an error."""
    early = [loop for loop in loops if loop.done()]
    for loop in loops:
        loop.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
    for loop in early:
        loop.result()
    assert not early, "a loop for life has ended"
