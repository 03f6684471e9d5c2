"""One OpenAPI document out of the services' own: exactly the BFF's routes, each as its service describes it."""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from services.bff.domain.routes import OWN, ROUTES, Route
from services.contracts.door import PREFIX
from services.kernel.openapi import PROBLEM
from services.kernel.peers import Peer, refusal

Document = dict[str, Any]
SCHEMAS = "#/components/schemas/"
SHARED = "Problem"
DESCRIPTION = (
    "Amounts and prices are decimal strings, times RFC 3339 in UTC, lists are paged by an opaque cursor, refusals are "
    "problem+json with a stable `code`. Live data: `GET /api/v1/ws` (docs/websocket.md)."
)


class Merged:
    """The document, made when it is first asked for, off the loop, and kept."""

    def __init__(self, peers: Mapping[str, Peer]) -> None:
        self._peers = peers
        self._routes = ROUTES
        self._making = asyncio.Lock()
        self._document: Document | None = None

    async def document(self, own: Callable[[], Document]) -> Document:
        """PeerUnavailable while a service that is part of it does not answer; ``own`` makes the BFF's part."""
        async with self._making:
            if self._document is None:
                # One after the other: in one process, all at once take each as long as all, beyond a peer's timeout.
                parts = {name: await self._part(name, own) for name in sorted({each.service for each in self._routes})}
                self._document = await asyncio.to_thread(merge, parts, self._routes)
            return self._document

    async def _part(self, service: str, own: Callable[[], Document]) -> bytes:
        if service == OWN:
            return await asyncio.to_thread(lambda: json.dumps(own()).encode())
        answer = await self._peers[service].request("GET", "/openapi.json")
        if answer.status >= 400:
            raise refusal(service, answer)
        return answer.body


def merge(parts: Mapping[str, bytes], routes: Iterable[Route]) -> Document:
    """The services' documents as one."""
    documents = {service: renamed(service, part) for service, part in parts.items()}
    schemas: Document = {SHARED: PROBLEM}
    for service, document in documents.items():
        for name, schema in document.get("components", {}).get("schemas", {}).items():
            schemas.setdefault(name if name == SHARED else f"{service}.{name}", schema)
    paths: dict[str, Document] = {}
    for route in routes:
        path = PREFIX + route.path if route.service == OWN else route.path
        operation = documents[route.service]["paths"][path][route.method.lower()]
        if route.token:
            operation["security"] = [{"token": []}]
        paths.setdefault(PREFIX + route.path, {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "Trading platform", "version": "1", "description": DESCRIPTION},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def renamed(service: str, part: bytes) -> Document:
    """A service's document with its schemas named after it, so that two services' do not meet."""
    text = part.decode().replace(f'"{SCHEMAS}', f'"{SCHEMAS}{service}.')
    document: Document = json.loads(text.replace(f'"{SCHEMAS}{service}.{SHARED}"', f'"{SCHEMAS}{SHARED}"'))
    return document
