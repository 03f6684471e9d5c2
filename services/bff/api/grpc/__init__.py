"""The door by gRPC, open where the settings give it a port. Nothing here is imported before that."""

from collections.abc import Sequence
from functools import partial

from services.kernel.service import Service
from services.runtime.asgi import ASGIApp
from services.runtime.resources import Loop


def doors(service: Service, app: ASGIApp | None) -> Sequence[Loop]:
    """The loop that serves it before the door that answers all, if there is a port."""
    first = service.settings.bff.grpc_port
    if not first or app is None:
        return ()
    port = first + int(service.resources.options.get("instance", "1")) - 1
    return (partial(_serve, service, app, port),)


async def _serve(service: Service, app: ASGIApp, port: int) -> None:
    from services.bff.api.grpc.server import serve

    await serve(service, app, port)
