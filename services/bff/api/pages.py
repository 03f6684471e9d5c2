"""The few pages that are the BFF's own: the OpenAPI document and its readable form."""

import json

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from services.bff.api import reading
from services.bff.api.openapi import Merged
from services.bff.domain.routes import PREFIX
from services.kernel.service import Service

STYLED = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"}


def pages(service: Service) -> APIRouter:
    """GET /openapi.json and /docs, with and without the prefix."""
    routes = APIRouter(include_in_schema=False)
    merged = Merged(service.peers)

    async def openapi() -> Response:
        return Response(json.dumps(await merged.document()), media_type="application/json")

    async def docs() -> Response:
        return HTMLResponse(reading.html(await merged.document()), headers=STYLED)

    for prefix in ("", PREFIX):
        routes.add_api_route(f"{prefix}/openapi.json", openapi)
        routes.add_api_route(f"{prefix}/docs", docs)
    return routes
