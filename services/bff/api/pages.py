"""The few pages that are the BFF's own: the dashboard, the OpenAPI document and its readable form."""

import json

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from services.bff.api import reading
from services.bff.api.dashboard import add_dashboard
from services.bff.api.openapi import Merged
from services.contracts.door import PREFIX
from services.kernel.service import Service

STYLED = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"}


def pages(service: Service) -> APIRouter:
    """GET /dashboard; /openapi.json and /docs, with and without the prefix."""
    routes = APIRouter()
    add_dashboard(routes, service)
    merged = Merged(service.peers)

    async def openapi(request: Request) -> Response:
        return Response(json.dumps(await merged.document(request.app.openapi)), media_type="application/json")

    async def docs(request: Request) -> Response:
        return HTMLResponse(reading.html(await merged.document(request.app.openapi)), headers=STYLED)

    for prefix in ("", PREFIX):
        routes.add_api_route(f"{prefix}/openapi.json", openapi, include_in_schema=False)
        routes.add_api_route(f"{prefix}/docs", docs, include_in_schema=False)
    return routes
