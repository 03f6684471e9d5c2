"""What is imported only where it is needed, loaded at once: for a process whose copies will all need it."""

from importlib import import_module

MODULES = (
    "services.kernel.broker.rabbit.broker",
    "services.kernel.cache.redis",
    "services.kernel.mysql.changes",
    "services.kernel.mysql.server",
    "services.kernel.transports.http",
    "services.runtime.serve",
    # What these libraries import only when they are first used.
    "alembic.command",
    "anyio._backends._asyncio",
    "cryptography.hazmat.backends.openssl.backend",
    "encodings.idna",
    "pydantic.v1",
    "sqlalchemy.dialects.mysql.asyncmy",
    "uvicorn.lifespan.off",
    "uvicorn.protocols.http.httptools_impl",
    "uvicorn.protocols.websockets.websockets_sansio_impl",
    "uvloop",
    "websockets.asyncio.client",
)


def load() -> None:
    """Import it all; none of it starts a thread or an event loop."""
    for module in MODULES:
        import_module(module)
