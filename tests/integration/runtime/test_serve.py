import asyncio
import socket
import time

import httpx
import pytest
from websockets.asyncio.client import connect

from services.runtime.asgi import Receive, Scope, Send
from services.runtime.serve import GRACE, bind, serve


class Echo:
    """Answers with the path, at once or when it is let go."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            message = await receive()
            await send({"type": "websocket.send", "text": message["text"]})
            return
        if scope["path"] == "/slow":
            await self.let_go.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
        await send({"type": "http.response.body", "body": b"x"})


async def test_an_app_answers_on_the_socket_that_it_was_given() -> None:
    listener = bind()
    server = await serve(Echo(), listener)
    assert server.port == listener.getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as client:
        answer = await client.get("/")
    await server.stop()
    assert (answer.status_code, answer.text) == (200, "x")
    assert not {"server", "date"} & answer.headers.keys()


async def test_it_speaks_websocket() -> None:
    server = await serve(Echo(), bind())
    async with connect(f"ws://127.0.0.1:{server.port}/", proxy=None) as client:
        await client.send("hello")
        assert await client.recv() == "hello"
    await server.stop()


async def test_a_request_under_way_is_answered_before_the_end() -> None:
    echo = Echo()
    server = await serve(echo, bind())
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as client:
        asked = asyncio.create_task(client.get("/slow"))
        await asyncio.wait({asked}, timeout=0.1)
        stopping = asyncio.create_task(server.stop())
        await asyncio.sleep(0)
        echo.let_go.set()
        assert (await asked).status_code == 200
        await stopping


async def test_the_end_does_not_wait_for_ever() -> None:
    server = await serve(Echo(), bind())
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as client:
        asked = asyncio.create_task(client.get("/slow"))
        await asyncio.wait({asked}, timeout=0.1)
        began = time.monotonic()
        await server.stop()
        assert time.monotonic() - began < GRACE + 1
        with pytest.raises(httpx.HTTPError):
            (await asked).raise_for_status()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), timeout=1).close()


def test_a_port_that_is_taken_is_an_error() -> None:
    with bind() as taken:
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            bind(taken.getsockname()[1])


async def test_it_can_be_stopped_twice() -> None:
    server = await serve(Echo(), bind())
    port = server.listener.getsockname()[1]
    await server.stop()
    await server.stop()
    with bind(port) as free:
        assert free.getsockname()[1] == port
