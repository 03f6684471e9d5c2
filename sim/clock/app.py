"""Wiring of the clock."""

from services.contracts.clock import SECOND
from services.contracts.metrics import simulators
from services.contracts.times import from_rfc3339
from services.runtime import local
from services.runtime.metrics import Metrics
from services.runtime.resources import Resources, Running
from sim.clock import api
from sim.clock.clock import MasterClock

START = "2024-08-08T07:10:00Z"
"""Until the venue says where market time is; option ``at``."""


async def run(resources: Resources) -> Running:
    """Offer the clock to this process; the venue starts it."""
    clock = MasterClock(from_rfc3339(resources.options.get("at") or START))
    local.offer(resources.urls["clock"], clock)

    async def ready() -> dict[str, str]:
        return {} if clock.started else {"venue": "has not told where market time is"}

    async def settled() -> dict[str, object]:
        return {"time": clock.now(), "due": clock.due(), "stands": clock.state.mode == "paused"}

    metrics = Metrics("clock")
    metrics.gauge(simulators.MARKET_TIME).read(lambda: clock.now() / SECOND)
    return Running(asgi=api.application(clock), metrics=metrics, ready=ready, settled=settled)
