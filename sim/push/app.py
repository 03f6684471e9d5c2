"""Wiring of the push endpoint."""

from services.contracts.metrics import simulators
from services.runtime import faults
from services.runtime.metrics import Metrics
from services.runtime.resources import Resources, Running
from sim.push import api
from sim.push.reception import Reception
from sim.push.shelf import Shelf


async def run(resources: Resources) -> Running:
    """Make subscriptions, take pushes and show them, all on the socket ``http``."""
    shelf = Shelf(resources.state / "push.db")

    async def settled() -> dict[str, object]:
        messages, deliveries = shelf.count()
        return {"messages": messages, "deliveries": deliveries}

    async def stop() -> None:
        shelf.close()

    app = api.application(shelf, Reception(shelf, faults.of("push")))
    metrics = Metrics("push")
    metrics.gauge(simulators.PUSHES).read(lambda: shelf.count()[0])
    metrics.counter(simulators.PUSH_DELIVERIES).read(lambda: shelf.count()[1])
    return Running(asgi=app, metrics=metrics, settled=settled, stop=stop)
