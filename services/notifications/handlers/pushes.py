"""Web Push: who subscribed with which browser, what is pushed there, and what became of it."""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from services.contracts.errors import DomainError
from services.contracts.ids import new_id
from services.kernel.database import Database
from services.kernel.uow import UnitOfWork
from services.notifications.domain.endpoints import ORDER, encoded, is_allowed, is_public_key, is_secret, public_key
from services.notifications.store import pushes as store

VAPID = "vapid"


class PushKey:
    """The key that shows push services who we are: made once, the same for every process and after every start."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._private = ""

    async def private(self) -> str:
        """Its number, as it is kept."""
        if not self._private:
            self._private = await self._database.transact(vapid_key)
        return self._private

    async def public(self) -> str:
        """What browsers subscribe with."""
        return public_key(await self.private())


async def vapid_key(uow: UnitOfWork) -> str:
    """The key, made when there is none."""
    known = await store.key(uow.connection, VAPID)
    if known is None:
        number = secrets.randbelow(ORDER - 1) + 1
        await store.add_key(uow, VAPID, encoded(number.to_bytes(32, "big")))
        known = await store.key(uow.connection, VAPID)
    if known is None:
        raise LookupError("the key that was just kept is not there")
    return known


async def subscribe(
    uow: UnitOfWork, user_id: str, endpoint: str, p256dh: str, auth: str, most: int
) -> Mapping[str, Any]:
    """A browser's subscription; the same endpoint again is the same one, with the keys that it has now."""
    if not is_allowed(endpoint):
        raise DomainError("endpoint_not_allowed", 422, "the endpoint is none of a known push service", field="endpoint")
    if not is_public_key(p256dh):
        raise DomainError("invalid_key", 422, "p256dh is no public key of P-256", field="keys.p256dh")
    if not is_secret(auth):
        raise DomainError("invalid_key", 422, "auth is no secret of 16 octets", field="keys.auth")
    row = {
        "subscription_id": new_id(),
        "user_id": user_id,
        "endpoint": endpoint,
        "p256dh": p256dh,
        "auth": auth,
        "created": uow.wall,
    }
    if await store.add(uow, row):
        if not await store.count_one_more(uow, user_id, most):
            raise DomainError("too_many_subscriptions", 422, f"{most} subscriptions are the most: delete one")
        return row
    known = await store.of_endpoint(uow, user_id, endpoint)
    row |= {"subscription_id": known["subscription_id"], "created": known["created"]}
    await store.put(uow, row)
    return row


async def unsubscribe(uow: UnitOfWork, user_id: str, subscription_id: str) -> None:
    """Forget a user's subscription; another user's is not found."""
    if not await store.remove(uow, user_id, subscription_id):
        raise DomainError("not_found", 404, "there is no such subscription")


def pushes_of(notification_id: str, subscriptions: Iterable[tuple[str, str]], wall: int) -> list[dict[str, Any]]:
    """A push to each of a user's subscriptions (id and endpoint)."""
    return [
        {
            "notification_id": notification_id,
            "subscription_id": subscription_id,
            "endpoint": endpoint,
            "status": "pending",
            "attempts": 0,
            "due": wall,
            "error": None,
        }
        for subscription_id, endpoint in subscriptions
    ]


async def due(database: Database, now: int, most: int) -> list[dict[str, Any]]:
    """Pushes to be tried now, with what they carry."""
    async with database.reading() as connection:
        return [dict(row) for row in await store.due(connection, now, most)]


async def count_due(database: Database, now: int) -> int:
    """How many pushes are to be tried now."""
    async with database.reading() as connection:
        return await store.count_due(connection, now)


async def settle(uow: UnitOfWork, outcomes: list[dict[str, Any]]) -> None:
    """Keep what became of pushes; a subscription that its push service says is gone is forgotten."""
    await store.settle(uow, outcomes)
    for subscription_id in {each["of_channel"] for each in outcomes if each["new_status"] == "gone"}:
        user_id = await store.owner(uow, subscription_id)
        if user_id is not None:
            await store.remove(uow, user_id, subscription_id)
