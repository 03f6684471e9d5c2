"""The broker's own faults: sessions that end, and orders that are refused for no reason."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from services.fix.transport import Endpoint
from services.runtime.faults import Active, Faults
from sim.broker.refusals import RefusedError

FAULT = "broker_fault"


def disturb(faults: Faults, endpoints: Sequence[Endpoint]) -> None:
    """Have sessions end while they are told to."""
    leaving: set[asyncio.Task[None]] = set()

    def start(work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        leaving.add(task)
        task.add_done_callback(leaving.discard)

    def log_out(_: Active) -> None:
        for endpoint in endpoints:
            start(endpoint.leave("a fault"))

    def cut(_: Active) -> None:
        for endpoint in endpoints:
            endpoint.cut()

    faults.on("fix.logout", begin=lambda active: active.repeat(active.number("every"), log_out))
    faults.on("fix.disconnect", begin=lambda active: active.repeat(active.number("every"), cut))
    faults.on("fix.refuse", begin=cut)


def refuse_by(faults: Faults, kind: str) -> None:
    """RefusedError when this request is one that is to be refused."""
    if faults.active and (reject := faults.find(kind)) and reject.strikes():
        raise RefusedError(FAULT)
