"""The chat over HTTP."""

from fastapi import APIRouter

from services.chat.api import changes, follows, messages, moderation, search, topics
from services.chat.api.rates import Posts
from services.kernel.service import Service

__all__ = ["router"]


def router(service: Service) -> APIRouter:
    """All of the chat's routes."""
    posts = Posts(service.cache, service.settings.chat.posts_per_minute)
    routes = APIRouter()
    for part in (
        topics.router(service, posts),
        messages.router(service, posts),
        changes.router(service, posts),
        follows.router(service),
        moderation.router(service, posts),
        search.router(service),
    ):
        routes.routes.extend(part.routes)
    return routes
