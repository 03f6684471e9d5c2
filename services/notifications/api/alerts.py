"""The routes of alerts."""

from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from services.contracts import money
from services.contracts.errors import DomainError
from services.contracts.times import rfc3339
from services.kernel import paging
from services.kernel.idempotency import OptionalIdempotencyKey, repeatable
from services.kernel.security import Principal, User
from services.kernel.service import Service
from services.kernel.uow import UnitOfWork
from services.kernel.web import JSON
from services.notifications.domain.alerts import PER_CENT_SCALE, Condition, Repeat
from services.notifications.handlers import alerts as handlers
from services.notifications.store import alerts as store

Threshold = Annotated[str, Field(pattern=r"^-?[0-9]{1,18}(\.[0-9]{1,18})?$", examples=["230.00"])]


class NewAlert(BaseModel):
    """``threshold`` is a price, or per cent of the day's change over the reference price."""

    model_config = ConfigDict(extra="forbid")
    symbol: Annotated[str, Field(pattern=r"^[A-Z0-9._-]{1,32}$", examples=["AAPL"])]
    condition: Condition
    threshold: Threshold
    repeat: Repeat = "once"


class Alert(BaseModel):
    """Armed it waits for its threshold; then, if it re-arms, for the price to go back a little; else it is done."""

    id: str
    symbol: str
    condition: Condition
    threshold: str
    repeat: Repeat
    status: Literal["armed", "waiting", "done"]
    fires: int
    triggered_at: str | None
    created_at: str


class AlertPage(BaseModel):
    """Newest first."""

    items: list[Alert]
    next: str | None


def alert_routes(service: Service) -> APIRouter:
    """Make alerts, see and forget them."""
    routes = APIRouter(prefix="/alerts", tags=["alerts"])
    database, settings = service.database, service.settings.notifications
    limits: dict[str, Any] = {"back": settings.alert_rearm, "most": settings.max_alerts}

    @routes.post("", status_code=201, response_model=Alert)
    async def post_alert(user: User, body: NewAlert, idempotency_key: OptionalIdempotencyKey = None) -> JSON:
        """Be told when a price, or the day's change, is at a threshold or beyond it."""
        return JSON(alert_json(await database.transact(add_once, user, body, idempotency_key, limits)), 201)

    @routes.get("", response_model=AlertPage)
    async def get_alerts(user: User, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> JSON:
        """The user's alerts, newest first; those that are done stay until they are deleted."""
        key = paging.key_of(cursor, str)
        async with database.reading() as connection:
            rows = await store.alerts_of(connection, user.user_id, str(key[0]) if key else None, limit)
        return JSON(paging.page(rows, limit, lambda row: (row["alert_id"],), alert_json))

    @routes.get("/{alert_id}", response_model=Alert)
    async def get_alert(user: User, alert_id: str) -> JSON:
        """An alert and whether it has fired."""
        async with database.reading() as connection:
            row = await store.find(connection, user.user_id, alert_id)
        if row is None:
            raise DomainError("not_found", 404, "there is no such alert")
        return JSON(alert_json(row))

    @routes.delete("/{alert_id}", status_code=204)
    async def delete_alert(user: User, alert_id: str) -> Response:
        """Forget an alert."""
        await database.transact(handlers.remove, user.user_id, alert_id)
        return Response(status_code=204)

    return routes


async def add_once(
    uow: UnitOfWork, user: Principal, body: NewAlert, key: str | None, limits: dict[str, Any]
) -> dict[str, Any]:
    """The alert, or the one that the same key made before."""
    wanted = body.model_dump()
    action = partial(handlers.add, uow, user.user_id, **wanted, **limits)
    return await repeatable(uow, user.user_id, key, wanted, action, dict[str, Any])


def alert_json(row: Any) -> dict[str, Any]:
    """An alert as its user sees it."""
    scale = row["price_scale"] if row["condition"].startswith("price") else PER_CENT_SCALE
    return {
        "id": row["alert_id"],
        "symbol": row["symbol"],
        "condition": row["condition"],
        "threshold": money.text(row["threshold"], scale),
        "repeat": row["repeat"],
        "status": "armed" if row["armed"] else "waiting" if row["watch"] else "done",
        "fires": row["fires"],
        "triggered_at": None if row["fired"] is None else rfc3339(row["fired"]),
        "created_at": rfc3339(row["created"]),
    }
