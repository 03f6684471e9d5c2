"""The service, the mail gateway on its sockets, and events as auth and orders tell them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import httpx

from services.contracts.events.auth import ProfileChanged, UserRegistered
from services.contracts.events.orders import OrderFilled
from services.runtime.resources import Resources, Running
from services.runtime.serve import Server, bind, serve
from tests.eventually import eventually
from tests.integration.neighbours import Neighbourhood, neighbourhood, ready
from tests.integration.portfolio.desk import filled, order

FAST = {"notifications.mail_backoff": "0.01", "notifications.mails_per_second": "1000"}


class Post:
    """The mail gateway, which can be closed; what it has is asked by REST."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports = {"http": 0, "smtp": 0}
        self._open: tuple[Running, Server] | None = None

    async def open(self) -> None:
        """At the ports where it was before."""
        sockets = {name: bind(port) for name, port in self._ports.items()}
        self._ports = {name: bound.getsockname()[1] for name, bound in sockets.items()}
        resources = Resources(name="mail", urls={}, sockets=sockets, state=self._folder, key="", options={})
        running: Running = await import_module("sim.mail.app").run(resources)
        assert running.asgi is not None
        self._open = (running, await serve(running.asgi, sockets["http"]))

    async def close(self) -> None:
        if self._open is not None:
            running, server = self._open
            self._open = None
            await server.stop()
            await running.stop()

    @property
    def smtp(self) -> str:
        return f"smtp://127.0.0.1:{self._ports['smtp']}"

    async def mails(self, to: str) -> list[dict[str, Any]]:
        """What came for an address, oldest first."""
        url = f"http://127.0.0.1:{self._ports['http']}"
        async with httpx.AsyncClient(base_url=url, trust_env=False) as client:
            found: list[dict[str, Any]] = (await client.get("/messages", params={"to": to})).json()["items"]
        return found

    async def arrived(self, to: str, count: int = 1) -> list[dict[str, Any]]:
        """Mails for an address, as soon as there are so many."""

        async def enough() -> list[dict[str, Any]]:
            mails = await self.mails(to)
            return mails if len(mails) >= count else []

        return await eventually(enough)


def registered(
    user: str = "ann", language: Literal["en", "ru"] = "en", name: str = "Ann", email: str | None = None
) -> UserRegistered:
    address = email or f"{user}@example.org"
    return UserRegistered(user_id=user, email=address, display_name=name, language=language, code="123456")


def profile(user: str = "ann", language: Literal["en", "ru"] = "en", email: str | None = None) -> ProfileChanged:
    return ProfileChanged(
        user_id=user,
        email=email or f"{user}@example.org",
        display_name=user.title(),
        language=language,
        time_zone="UTC",
        roles=("trader",),
        blocked=False,
    )


def order_filled(number: int = 1) -> OrderFilled:
    """Ann's order."""
    return filled(order(number=number), 10, 20_000, 100)


@asynccontextmanager
async def post_office(folder: Path, options: Mapping[str, str] = FAST) -> AsyncIterator[tuple[Neighbourhood, Post]]:
    """The gateway is open; the service is started by the test."""
    post = Post(folder)
    async with neighbourhood(folder, options) as around:
        await post.open()
        around.stack.urls["mail.smtp"] = post.smtp
        try:
            yield around, post
        finally:
            await post.close()


@asynccontextmanager
async def service(around: Neighbourhood) -> AsyncIterator[Running]:
    async with around.stack.part("notifications") as running:
        await ready(running)
        yield running
