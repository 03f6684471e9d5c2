"""GET /dashboard: the one page that the BFF composes itself."""

from typing import Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from services.bff.handlers.dashboard import Dashboard
from services.contracts.door import PREFIX
from services.kernel.security import authenticated
from services.kernel.service import Service
from services.kernel.web import JSON

Part = dict[str, Any] | None


class Page(BaseModel):
    """Each part is what its own route answers, or null, and then named under ``unavailable``."""

    profile: Part = Field(description="GET /me")
    portfolio: Part = Field(description="GET /portfolio")
    orders: Part = Field(description="GET /orders, the open ones")
    watchlist: Part = Field(description="GET /quotes, of the symbols in GET /me/watchlist")
    signals: Part = Field(description="GET /signals")
    notifications: Part = Field(description="GET /notifications, the latest that are unread")
    unavailable: list[str]


def add_dashboard(routes: APIRouter, service: Service) -> None:
    """One answer of six services."""
    dashboard = Dashboard(service.peers)

    @routes.get(f"{PREFIX}/dashboard", response_model=Page, tags=["dashboard"], dependencies=[Depends(authenticated)])
    async def get_dashboard(request: Request) -> JSON:
        """Profile, portfolio, open orders, quotes of the watchlist, signals and unread notifications."""
        return JSON(await dashboard.of(request.headers["authorization"]))
