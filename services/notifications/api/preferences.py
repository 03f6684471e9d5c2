"""The routes of preferences: by which channels a user is told what."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from services.kernel.security import User
from services.kernel.service import Service
from services.kernel.web import JSON
from services.notifications.domain.preferences import CHANNELS, KINDS_TO_CHOOSE, SECURITY, Choices, channels_of
from services.notifications.handlers import preferences as handlers
from services.notifications.store import preferences as store

Kind = Annotated[str, Field(max_length=32, examples=["order_filled"])]


class Channels(BaseModel):
    """Which channels are on."""

    model_config = ConfigDict(extra="forbid")
    email: StrictBool = True
    push: StrictBool = True
    in_app: StrictBool = True


class Chosen(BaseModel):
    """By kind; one that is not named goes by all channels."""

    model_config = ConfigDict(extra="forbid")
    kinds: Annotated[dict[Kind, Channels], Field(max_length=100)]


class Preferences(BaseModel):
    """Every kind with its channels; mail about those of ``always`` cannot be switched off."""

    kinds: dict[str, Channels]
    always: list[str]


def preference_routes(service: Service) -> APIRouter:
    """See and choose."""
    routes = APIRouter(prefix="/notifications/preferences", tags=["notifications"])

    @routes.get("", response_model=Preferences)
    async def get_preferences(user: User) -> JSON:
        """By which channels each kind is told."""
        async with service.database.reading() as connection:
            return JSON(preferences_json(await store.choices_of(connection, user.user_id)))

    @routes.put("", response_model=Preferences)
    async def put_preferences(user: User, body: Chosen) -> JSON:
        """Choose anew, for all kinds at once; security mail cannot be switched off."""
        wanted = body.model_dump()["kinds"]
        return JSON(preferences_json(await service.database.transact(handlers.choose, user.user_id, wanted)))

    return routes


def preferences_json(choices: Choices) -> dict[str, Any]:
    """What a user chose, and what goes without."""
    chosen = {kind: channels_of(choices, kind) for kind in KINDS_TO_CHOOSE}
    return {
        "kinds": {kind: {name: name in channels for name in CHANNELS} for kind, channels in chosen.items()},
        "always": [kind for kind in KINDS_TO_CHOOSE if kind in SECURITY],
    }
