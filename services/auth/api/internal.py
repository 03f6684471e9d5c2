"""What the BFF asks when it starts: whose tokens are no good although they have not expired."""

from fastapi import APIRouter, Depends

from services.auth import store
from services.contracts.clock import SECOND
from services.kernel import state
from services.kernel.responses import JSON
from services.kernel.service import Service
from services.runtime.clock import wall


def router(service: Service) -> APIRouter:
    """Pages behind the sandbox's key."""
    routes = APIRouter(prefix="/internal", dependencies=[Depends(state.guard)], include_in_schema=False)
    lifetime = service.settings.auth.access_token_lifetime * SECOND

    @routes.get("/revoked")
    async def revoked() -> JSON:
        """Sessions that were ended so lately that an access token of theirs may still live."""
        async with service.database.reading() as connection:
            return JSON(await store.revoked_since(connection, wall() - lifetime))

    return routes
