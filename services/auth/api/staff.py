"""Accounts as the staff sees and changes them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from services.auth import store
from services.auth.api.models import Profile, UserChange, Users, profile_json
from services.auth.domain import Change, User, check_staff, normalised
from services.auth.handlers import staff
from services.contracts.errors import DomainError
from services.kernel import paging
from services.kernel.responses import JSON
from services.kernel.security import Principal, role
from services.kernel.service import Service

Staff = Annotated[Principal, Depends(role("admin", "support"))]
EmailFilter = Annotated[str | None, Query(max_length=254, description="this address only")]


def router(service: Service) -> APIRouter:
    """What admins and support may do."""
    routes = APIRouter(prefix="/admin", tags=["admin"])
    database = service.database

    @routes.get("/users", response_model=Users)
    async def get_users(
        actor: Staff, cursor: paging.Cursor = None, limit: paging.Limit = 50, email: EmailFilter = None
    ) -> JSON:
        """All users in the order of their registration."""
        key = paging.key_of(cursor, str)
        address = None if email is None else normalised(email)
        async with database.reading() as connection:
            check_staff(found(await store.user(connection, actor.user_id)))
            rows = await store.users_after(connection, str(key[0]) if key else "", limit + 1, address)
        return JSON(paging.page(rows, limit, lambda user: (user.id,), profile_json))

    @routes.patch("/users/{user_id}", response_model=Profile)
    async def patch_user(actor: Staff, user_id: str, body: UserChange) -> JSON:
        """Give roles, block or unblock; written to the audit log. A block ends the user's sessions."""
        given = body.model_fields_set
        change = Change(
            roles=frozenset(body.roles) if "roles" in given else None,
            blocked=body.blocked if "blocked" in given else None,
        )
        return JSON(profile_json(await database.transact(staff.change_user, actor.user_id, user_id, change)))

    return routes


def found(user: User | None) -> User:
    """The actor's own row."""
    if user is None:
        raise DomainError("forbidden", 403, "no such user")
    return user
