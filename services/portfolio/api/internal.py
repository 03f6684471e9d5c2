"""What the tool asks for once a release that lost events is gone."""

import msgspec
from fastapi import APIRouter, Depends, Request

from services.contracts.errors import DomainError
from services.contracts.orders import Standing
from services.kernel import state
from services.kernel.responses import JSON
from services.kernel.service import Service
from services.portfolio import handlers


def router(service: Service) -> APIRouter:
    """A page behind the sandbox's key."""
    routes = APIRouter(prefix="/internal", dependencies=[Depends(state.guard)], include_in_schema=False)

    @routes.post("/recover")
    async def recover(request: Request) -> JSON:
        """Book orders as they stand with the order service; asked again it books nothing."""
        try:
            standings = msgspec.json.decode(await request.body(), type=list[Standing])
        except msgspec.MsgspecError as error:
            raise DomainError("invalid", 422, str(error)) from error
        booked = await service.database.transact(handlers.recover, standings)
        if booked:
            service.log.warning("fills were booked that had been lost", fills=booked)
        return JSON({"booked": booked})

    return routes
