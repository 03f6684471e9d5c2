"""An ASGI app on a socket that the host has bound: uvicorn without its signals, logs and polling."""

import asyncio
import socket

import uvicorn

from services.runtime.asgi import ASGIApp
from services.runtime.together import Protocol

GRACE = 1
"""Seconds that open requests have at the end."""


class Server:
    """One listening app; `stop` closes it and waits at most GRACE seconds for what is under way."""

    def __init__(self, asgi: ASGIApp, listener: socket.socket) -> None:
        self.listener = listener
        self.port: int = listener.getsockname()[1]
        config = uvicorn.Config(
            asgi,
            loop="none",
            http=Protocol,
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE,
        )
        config.load()
        self._server = uvicorn.Server(config)
        self._server.lifespan = config.lifespan_class(config)

    async def start(self) -> None:
        await self._server.startup(sockets=[self.listener])

    async def stop(self) -> None:
        if self._server.started:
            self._server.started = False
            await self._server.shutdown(sockets=[self.listener])
            await asyncio.sleep(0)


async def serve(asgi: ASGIApp, listener: socket.socket) -> Server:
    """Listen; returns when connections are accepted."""
    server = Server(asgi, listener)
    await server.start()
    return server


def bind(port: int = 0, host: str = "127.0.0.1") -> socket.socket:
    """A bound socket that does not listen yet; port 0 takes a free one, OSError when the port is taken."""
    # With its protocol named: asyncio switches Nagle's algorithm off only then, and each answer would wait 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener
