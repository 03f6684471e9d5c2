"""A few services in one process on the test's parts and real sockets, as the host runs them."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx

from services.contracts.events.auth import UserRegistered
from services.kernel.broker import Broker, LiveQueue, broker_for
from services.kernel.cache import Cache, cache_for
from services.kernel.serve import entry_of
from services.runtime import local
from services.runtime.resources import Resources, Running
from services.runtime.serve import bind, serve
from tests import parts
from tests.eventually import eventually

SEND_BUFFER = 32 * 1024
"""Bytes: small, so that a client that does not read is noticed soon."""
KEY = "the sandbox's key"
TOTP_KEY = "of authenticators"


class Stack:
    """What runs, and where."""

    def __init__(self, folder: Path, peers: tuple[str, ...], options: Mapping[str, str]) -> None:
        self.folder = folder
        self.options = options
        self.parts = parts.of(folder)
        self.urls = {
            "broker": self.parts.broker,
            "cache": self.parts.cache,
            "clock": "wall",
            **{name: f"asgi://{name}" for name in peers},
        }
        self.ports: dict[str, int] = {}
        self.running: dict[str, Running] = {}

    @property
    def broker(self) -> Broker:
        return broker_for(self.urls["broker"])

    @property
    def cache(self) -> Cache:
        return cache_for(self.urls["cache"])

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.ports[service]}"

    @asynccontextmanager
    async def part(self, name: str, instance: str = "") -> AsyncIterator[Running]:
        """One service, started as its manifest says, with its loops, until the end of the block.

        A second instance of it, by a name such as ``orders@2``, has its own connections to broker and cache.
        """
        listener = bind()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        resources = Resources(
            name=name,
            urls={**self._urls(instance), "database": self.parts.database(name)},
            sockets={"http": listener},
            state=self.folder,
            key=KEY,
            options=self.options,
        )
        try:
            running = await entry_of(name)(resources)
        except BaseException:
            listener.close()
            raise
        assert running.asgi is not None
        server = await serve(running.asgi, listener)
        self.ports[instance or name], self.running[instance or name] = server.port, running
        tasks = [asyncio.ensure_future(task()) for task in running.tasks]
        try:
            yield running
        finally:
            await server.stop()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await running.stop()
            if not instance:
                local.offer(f"asgi://{name}", None)

    def _urls(self, instance: str) -> dict[str, str]:
        """Another name of the same machine, for one broker and one cache are shared by all that ask by one URL."""
        if not instance:
            return self.urls
        return {name: url.replace("127.0.0.1", "localhost") for name, url in self.urls.items()}


@asynccontextmanager
async def stack(
    folder: Path, *services: str, peers: tuple[str, ...] = (), options: Mapping[str, str] | None = None
) -> AsyncIterator[Stack]:
    """These services one after the other; ``peers`` are offered by the test itself."""
    made = Stack(folder, (*services, *peers), {"totp_key": TOTP_KEY, **(options or {})})
    async with AsyncExitStack() as exits:
        exits.callback(local.clear)
        exits.push_async_callback(made.cache.close)
        exits.push_async_callback(made.broker.close)
        for name in services:
            await exits.enter_async_context(made.part(name))
        yield made


class Mailbox:
    """The codes that notifications would mail, by address."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.codes: dict[str, str] = {}
        self.mails = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Mailbox"]:
        """From here on nothing is missed."""
        queue = await self._stack.broker.listen([UserRegistered])
        reading = asyncio.ensure_future(self._read(queue))
        yield self
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)

    async def _read(self, queue: LiveQueue) -> None:
        while True:
            for envelope in await queue.take(100) or ():
                event = envelope.event
                assert isinstance(event, UserRegistered)
                self.codes[event.email] = event.code
                self.mails += 1


PASSWORD = "correct horse battery"


async def registered(client: httpx.AsyncClient, mailbox: Mailbox, email: str, prefix: str = "") -> None:
    """A verified user."""
    body = {"email": email, "password": PASSWORD, "display_name": email.split("@", maxsplit=1)[0]}
    assert (await client.post(f"{prefix}/auth/register", json=body)).status_code == 202
    code = await eventually(lambda: mailbox.codes.get(email))
    answer = await client.post(f"{prefix}/auth/verify", json={"email": email, "code": code})
    assert answer.status_code == 204, answer.text


async def logged_in(
    client: httpx.AsyncClient, email: str, prefix: str = "", password: str = PASSWORD
) -> dict[str, str]:
    """Tokens of a new session."""
    answer = await client.post(f"{prefix}/auth/login", json={"email": email, "password": password})
    assert answer.status_code == 200, answer.text
    tokens: dict[str, str] = answer.json()
    return tokens


def bearer(tokens: Mapping[str, str]) -> dict[str, str]:
    """The header of an access token."""
    return {"Authorization": f"Bearer {tokens['access_token']}"}
