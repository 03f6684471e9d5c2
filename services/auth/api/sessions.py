"""Where one is logged in, and logging out there."""

from functools import partial

from fastapi import APIRouter
from starlette.responses import Response

from services.auth import store
from services.auth.api.models import Sessions, session_json
from services.auth.handlers import sessions
from services.kernel import paging, security
from services.kernel.responses import JSON
from services.kernel.service import Service
from services.runtime.clock import wall


def router(service: Service) -> APIRouter:
    """A user's own sessions."""
    routes = APIRouter(prefix="/auth/sessions", tags=["auth"])
    database = service.database

    @routes.get("", response_model=Sessions)
    async def get_sessions(user: security.User, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> JSON:
        """Where one is logged in, the last log-in first, and which of them this is."""
        key = paging.key_of(cursor, str)
        async with database.reading() as connection:
            before = str(key[0]) if key else None
            rows = await store.sessions_of(connection, user.user_id, wall(), before, limit + 1)
            used = await store.last_used(connection, [row.id for row in rows])
        return JSON(paging.page(rows, limit, lambda row: (row.id,), partial(session_json, user.session_id, used)))

    @routes.delete("/{session_id}", status_code=204)
    async def delete_session(user: security.User, session_id: str) -> Response:
        """Log out there; one that has ended stays so."""
        await database.transact(sessions.end_own, user.user_id, session_id)
        return Response(status_code=204)

    return routes
