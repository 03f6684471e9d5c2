"""The BFF, wired."""

from services.bff import api, handlers
from services.bff.manifest import MANIFEST
from services.kernel.edge import Edge
from services.kernel.service import Service
from services.runtime.resources import Resources, Running


async def run(resources: Resources) -> Running:
    """Start the BFF: the instruments first, then the live stream; the door stands inside the kernel's edge."""
    service = await Service.open(MANIFEST, resources)
    stream = await handlers.open_stream(service)
    running = service.running(
        api.pages(service),
        live=stream.live.on_events,
        tasks=[stream.feed.run, stream.tidy],
        checks=handlers.peer_checks(service),
    )
    if isinstance(running.asgi, Edge):
        running.asgi.app = api.Door(service, api.Socket(stream.desk), running.asgi.app)
    running.tasks = [*running.tasks, *api.doors(service, running.asgi)]
    return running
