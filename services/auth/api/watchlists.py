"""What a user watches."""

from fastapi import APIRouter

from services.auth.api.models import Watched, Watchlist, watchlist_json
from services.auth.handlers import watchlists
from services.auth.store import watchlists as stored
from services.kernel import security
from services.kernel.responses import JSON
from services.kernel.service import Service


def router(service: Service) -> APIRouter:
    """A user's own watchlist."""
    routes = APIRouter(prefix="/me/watchlist", tags=["me"])
    database, most = service.database, service.settings.auth.max_watchlist

    @routes.get("", response_model=Watchlist)
    async def get_watchlist(user: security.User) -> JSON:
        """The symbols that I watch, in my order."""
        return JSON(watchlist_json(await database.read_of(user.user_id, stored.of, user.user_id)))

    @routes.put("", response_model=Watchlist)
    async def put_watchlist(user: security.User, body: Watched) -> JSON:
        """Watch these symbols from now on, in this order, and no others."""
        return JSON(watchlist_json(await database.transact(watchlists.replace, user.user_id, body.symbols, most)))

    return routes
