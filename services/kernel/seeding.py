"""POST /internal/seed: rows that were always there, written by the entry point that the manifest names."""

import importlib
from collections.abc import Awaitable, Callable

import msgspec
from starlette.requests import Request
from starlette.routing import Route

from services.contracts.errors import DomainError
from services.contracts.manifest import ServiceManifest
from services.contracts.seeding import Batch
from services.kernel.database import Database
from services.kernel.responses import JSON
from services.kernel.state import guard
from services.kernel.uow import UnitOfWork

Entry = Callable[[UnitOfWork, Batch], Awaitable[None]]


def entry_of(manifest: ServiceManifest) -> Entry:
    """The function that the manifest names as ``module:function``."""
    module, _, function = manifest.seed.partition(":")
    entry: Entry = getattr(importlib.import_module(module), function)
    return entry


def pages(manifest: ServiceManifest, database: Database) -> list[Route]:
    """The page of a service that can be seeded; its module is imported when somebody does it."""

    async def seed(request: Request) -> JSON:
        guard(request)
        try:
            batch = msgspec.json.decode(await request.body(), type=Batch)
        except msgspec.MsgspecError as error:
            raise DomainError("invalid", 422, str(error)) from error
        await database.transact(entry_of(manifest), batch)
        return JSON({"people": len(batch.people), "orders": batch.orders})

    return [Route("/internal/seed", seed, methods=["POST"])]
