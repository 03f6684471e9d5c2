"""The terminal in a browser: textual-serve on loopback, for who has the key, and nothing from elsewhere."""

import asyncio
import secrets
import shlex
import signal
import socket
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakSet

import aiohttp_jinja2
import jinja2
from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.server import Server, to_int

HOST = "127.0.0.1"
TEMPLATES = Path(__file__).parent / "templates"
FONT_SIZE = 16
SIZE = {"width": 80, "height": 24}
HEARTBEAT = 15.0
GOODBYE = 5.0
"""Seconds that a terminal has to end when its page is left."""
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # The page's script and style stand in it; all else comes from this port.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'"
    ),
}


def listener(port: int = 0) -> socket.socket:
    """A socket on loopback, on a free port unless one is named; OSError where it is taken."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((HOST, port))
    except OSError:
        made.close()
        raise
    return made


class Session(AppService):
    """A terminal's process; textual-serve would not wait for its end, nor see to it."""

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        """Without a shell between, which would die in its place."""
        self._process = process = await asyncio.create_subprocess_exec(
            *shlex.split(self.command), stdin=PIPE, stdout=PIPE, stderr=PIPE, env=self._build_environment(width, height)
        )
        self._stdin = process.stdin
        return process

    async def stop(self) -> None:
        """Ask it to quit; end it when it does not."""
        process = self._process
        try:
            await asyncio.wait_for(super().stop(), GOODBYE)
        except TimeoutError:
            if process is not None and process.returncode is None:
                process.kill()
        finally:
            if process is not None:
                self.stdin.close()
                await process.wait()


class Web(Server):
    """Each page that is opened runs the command anew, in a process of its own.

    textual-serve lets in whoever reaches the port, other sites' pages too. Here the key is a part of the path, and the
    socket is for pages of this port alone.
    """

    def __init__(self, command: Sequence[str], listening: socket.socket) -> None:
        port = listening.getsockname()[1]
        super().__init__(shlex.join(command), host=HOST, port=port, title="tradectl")
        self.listening = listening
        self.key = secrets.token_urlsafe(24)
        self.hosts = {f"{name}:{port}" for name in (HOST, "localhost")}
        self.pages: WeakSet[web.WebSocketResponse] = WeakSet()
        self.stopped = asyncio.Event()

    @property
    def url(self) -> str:
        """What the trader opens."""
        return f"{self.public_url}/{self.key}/"

    async def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[self.guarded])
        aiohttp_jinja2.setup(app, loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True)
        app.add_routes(
            [
                web.get(f"/{self.key}/", self.handle_index, name="index"),
                web.get(f"/{self.key}/ws", self.handle_websocket, name="websocket"),
                web.get("/download/{key}", self.handle_download, name="download"),
                web.static("/static", self.statics_path, name="static"),
            ]
        )
        app.on_shutdown.append(self.on_shutdown)
        return app

    @web.middleware
    async def guarded(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Refuse what a page of another site, or a name that points here, would ask."""
        origin = request.headers.get("Origin", f"http://{request.host}")
        if request.host not in self.hosts or origin.removeprefix("http://") not in self.hosts:
            raise web.HTTPForbidden(text="this page is for the machine that it runs on\n")
        answer: web.StreamResponse = await handler(request)
        if not answer.prepared:
            answer.headers.update(HEADERS)
        return answer

    async def handle_index(self, request: web.Request) -> web.Response:
        """The page; ``?fontsize=`` in pixels."""
        context = {
            "title": self.title,
            "static": "/static",
            "socket": f"ws://{request.host}/{self.key}/ws",
            "font_size": to_int(request.query.get("fontsize", ""), FONT_SIZE),
        }
        return aiohttp_jinja2.render_template("terminal.html", request, context)

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A terminal, from the page's first frame to its last."""
        page = web.WebSocketResponse(heartbeat=HEARTBEAT)

        async def close() -> None:
            await page.close()

        await page.prepare(request)
        session = Session(
            self.command,
            write_bytes=page.send_bytes,
            write_str=page.send_str,
            close=close,
            download_manager=self.download_manager,
        )
        self.pages.add(page)
        try:
            await session.start(*(to_int(request.query.get(side, ""), size) for side, size in SIZE.items()))
            await self._process_messages(page, session)
        finally:
            await session.stop()
        return page

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002 (textual-serve's signature)
        """Each open page's terminal ends with the server."""
        for page in list(self.pages):
            await page.close()

    async def serving(self, ready: Callable[[str], None]) -> None:
        """Serve until interrupted; ``ready`` is told the address as soon as it answers."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.stop)
        # No access log: the key is a part of the path.
        runner = web.AppRunner(await self._make_app(), access_log=None, shutdown_timeout=2 * GOODBYE)
        await runner.setup()
        try:
            await web.SockSite(runner, self.listening).start()
            ready(self.url)
            await self.stopped.wait()
        finally:
            await runner.cleanup()

    def stop(self) -> None:
        """End `serving`."""
        self.stopped.set()
