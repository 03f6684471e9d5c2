"""The routes of Web Push: the key to subscribe with, and the user's subscriptions."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from services.contracts.times import rfc3339
from services.kernel import paging
from services.kernel.security import User
from services.kernel.service import Service
from services.kernel.web import JSON
from services.notifications.handlers import pushes as handlers
from services.notifications.store import pushes as store

Endpoint = Annotated[str, Field(min_length=1, max_length=500, examples=["https://push.sandbox/push/token"])]
BROWSERS_KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"  # noqa: S105 (the example of RFC 8291)


class Keys(BaseModel):
    """In base64url, as browsers write them."""

    model_config = ConfigDict(extra="forbid")
    p256dh: Annotated[str, Field(min_length=1, max_length=100, examples=[BROWSERS_KEY])]
    auth: Annotated[str, Field(min_length=1, max_length=100, examples=[SECRET])]


class NewSubscription(BaseModel):
    """What a browser's ``PushSubscription`` is as JSON; when it expires nobody needs to say."""

    model_config = ConfigDict(extra="forbid")
    endpoint: Endpoint
    keys: Keys
    expirationTime: float | None = None  # noqa: N815 (as browsers write it)


class Subscription(BaseModel):
    """A browser that is pushed to; its keys are not shown again."""

    id: str
    endpoint: str
    created_at: str


class SubscriptionPage(BaseModel):
    """Newest first."""

    items: list[Subscription]
    next: str | None


class PublicKey(BaseModel):
    """A browser's ``applicationServerKey``."""

    public_key: str


def push_routes(service: Service) -> APIRouter:
    """Subscribe, see and forget."""
    routes = APIRouter(prefix="/notifications", tags=["notifications"])
    database, most = service.database, service.settings.notifications.max_push_subscriptions
    key = handlers.PushKey(database)

    @routes.get("/push-key", response_model=PublicKey)
    async def get_push_key(user: User) -> JSON:  # noqa: ARG001 (who asks must be somebody)
        """The key that a browser subscribes with (VAPID)."""
        return JSON({"public_key": await key.public()})

    @routes.post("/push-subscriptions", status_code=201, response_model=Subscription)
    async def post_subscription(user: User, body: NewSubscription) -> JSON:
        """Have a browser told what happens; the same endpoint again is the same subscription."""
        wanted = (body.endpoint, body.keys.p256dh, body.keys.auth)
        return JSON(shown(await database.transact(handlers.subscribe, user.user_id, *wanted, most)), 201)

    @routes.get("/push-subscriptions", response_model=SubscriptionPage)
    async def get_subscriptions(user: User, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> JSON:
        """The user's subscriptions; one that its push service has ended is no longer among them."""
        before = paging.key_of(cursor, str)
        async with database.reading() as connection:
            rows = await store.subscriptions_of(connection, user.user_id, str(before[0]) if before else None, limit)
        return JSON(paging.page(rows, limit, lambda row: (row["subscription_id"],), shown))

    @routes.delete("/push-subscriptions/{subscription_id}", status_code=204)
    async def delete_subscription(user: User, subscription_id: str) -> Response:
        """Push nothing more to a browser."""
        await database.transact(handlers.unsubscribe, user.user_id, subscription_id)
        return Response(status_code=204)

    return routes


def shown(row: Any) -> dict[str, Any]:
    """A subscription as its user sees it."""
    return {"id": row["subscription_id"], "endpoint": row["endpoint"], "created_at": rfc3339(row["created"])}
