"""The web side of every service: one FastAPI app behind one thin layer of our own."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route

from services.kernel import openapi, problems
from services.kernel.responses import JSON
from services.runtime.asgi import Receive, Scope, Send
from services.runtime.health import Health
from services.runtime.metrics import Metrics

OFF: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
"""FastAPI's own telemetry: the Edge has ours."""

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

__all__ = ["JSON", "App", "operations"]


class App(FastAPI):
    """FastAPI with problems for errors and a true OpenAPI page; everything around it is done once, by the Edge."""

    def __init__(self, title: str, router: APIRouter, pages: Sequence[BaseRoute] = ()) -> None:
        super().__init__(title=title, version="1", openapi_url=None, redirect_slashes=False, telemetry=OFF)
        problems.install(self)
        # An included router would be matched through two more layers at each request.
        self.router.routes.extend([*router.routes, *pages, Route("/openapi.json", self.openapi_page)])
        self._routed = AsyncExitStackMiddleware(self.router)
        self._handlers: tuple[dict[Any, Any], dict[int, Any]] = (self.exception_handlers, {})
        self._openapi_page: bytes | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Straight to the router: a route answers its exceptions by these handlers, the Edge all others."""
        scope["app"] = self
        scope["starlette.exception_handlers"] = self._handlers
        try:
            await self._routed(scope, receive, send)
        except HTTPException as refusal:
            if refusal.status_code == 405:
                refusal.headers = {"Allow": ", ".join(self.methods_of(scope))}
            raise

    def methods_of(self, scope: Scope) -> list[str]:
        """What can be done with this path, by any of its routes; the framework names the first one's alone."""
        asked = [(method, {**scope, "method": method}) for method in METHODS]
        return [method for method, each in asked if any(route.matches(each)[0] is Match.FULL for route in self.routes)]

    def openapi(self) -> dict[str, Any]:
        if not self.openapi_schema:
            self.openapi_schema = openapi.with_problems(super().openapi())
        return self.openapi_schema

    async def openapi_page(self, _: Request) -> Response:
        """Made on demand and off the loop: it takes tenths of a second."""
        if self._openapi_page is None:
            self._openapi_page = json.dumps(await asyncio.to_thread(self.openapi)).encode()
        return Response(self._openapi_page, media_type="application/json")


def operations(health: Health, metrics: Metrics) -> list[Route]:
    """Pages for who operates the service; plain routes, of which FastAPI would take ten times as long to make one."""

    async def live(_: Request) -> Response:
        return JSON({"status": "live", "service": health.service})

    async def ready(_: Request) -> Response:
        status, page = await health.page()
        return JSON(page, status)

    async def metrics_page(request: Request) -> Response:
        page, content_type = await metrics.page(request.headers.get("accept", ""))
        return Response(page, headers={"content-type": content_type})

    return [Route("/live", live), Route("/ready", ready), Route("/metrics", metrics_page)]
