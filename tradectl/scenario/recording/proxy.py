"""Stands before the door on loopback and passes everything on; what it hears goes to the translation."""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import aiohttp
from aiohttp import web
from yarl import URL

from tradectl.scenario.recording.heard import Heard
from tradectl.scenario.recording.orders import STANDING
from tradectl.scenario.recording.socket import Hearers, pass_on
from tradectl.scenario.recording.translation import ONE_ORDER, Translation
from tradectl.trader.client import PREFIX

LARGEST = 1 << 20
"""Bytes of a body; the door takes less."""
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade", "content-length", "content-encoding"}
PATIENCE = 5.0
"""Seconds until an order is taken for one that rests as it is."""
EVERY = 0.05
WATCHED = {
    ("POST", "/orders"),
    ("PATCH", "/orders/*"),
    ("DELETE", "/orders/*"),
    ("POST", "/portfolio/withdrawals"),
}
"""What goes on after its answer."""
SOCKET = f"{PREFIX}/ws"


class Proxy:
    """``door`` is the BFF's address. Requests are told in the order in which they came, once each is answered."""

    def __init__(self, door: str, translation: Translation) -> None:
        self.door = door
        self.translation = translation
        self.passed = 0
        self._line: deque[list[Telling | None]] = deque()
        self._watches: dict[str, asyncio.Task[None]] = {}
        self._seen: dict[str, Any] = {}
        self._session: aiohttp.ClientSession | None = None
        self._ending = False

    @property
    def session(self) -> aiohttp.ClientSession:
        """One for all that is passed on; made where a loop runs."""
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False)
        return self._session

    async def run(self, port: int, ready: Callable[[str], None], stop: asyncio.Event) -> None:
        """Serve until told to stop, then wait for what was asked last."""
        app = web.Application(client_max_size=LARGEST)
        app.router.add_route("*", "/{path:.*}", self.take)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", port, shutdown_timeout=1)
            await site.start()
            ready(f"http://127.0.0.1:{runner.addresses[0][1]}")
            await stop.wait()
            self._ending = True
            await asyncio.gather(*self._watches.values())
            for each in self._seen.values():  # what was seen before its request was told
                self.translation.saw(each)
        finally:
            await runner.cleanup()
            await self.session.close()

    async def take(self, request: web.Request) -> web.StreamResponse:
        """One request of whoever comes."""
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self.pass_socket(request)
        if not request.path.startswith(f"{PREFIX}/"):
            return (await self.forward(request, await request.read()))[0]
        slot = self.place()
        heard = Heard("", "", status=0)
        try:
            body = await request.read()
            heard = Heard(
                method=request.method,
                path=request.raw_path.partition("?")[0].removeprefix(PREFIX),
                query=request.raw_path.partition("?")[2],
                headers={name.lower(): value for name, value in request.headers.items()},
                body=body,
                status=0,
            )
            await self.before(heard)
            quote = await self.quote(heard)
            answer, document = await self.forward(request, body)
            heard = replace(heard, status=answer.status, answer=document, quote=quote)
        finally:
            slot[0] = partial(self.hear, heard)
            self.tell()
        await self.after(heard)
        return answer

    def place(self) -> list["Telling | None"]:
        """In the line of what is told; filled once that is known."""
        slot: list[Telling | None] = [None]
        self._line.append(slot)
        return slot

    def tell(self) -> None:
        """All that came before the first that is not answered yet."""
        while self._line and (telling := self._line[0][0]) is not None:
            self._line.popleft()
            telling()

    def hear(self, heard: Heard) -> None:
        """None where who asked did not wait for the answer."""
        if heard.status:
            self.passed += 1
            self.translation.hear(heard)

    async def forward(self, request: web.Request, body: bytes) -> tuple[web.Response, Any]:
        """The door's answer, as it is and as JSON."""
        headers = [(name, value) for name, value in request.headers.items() if name.lower() not in SENT_ANEW]
        try:
            async with self.session.request(
                request.method,
                self.url(request),
                headers=headers,
                data=body or None,
                allow_redirects=False,
            ) as answer:
                content = await answer.read()
        except aiohttp.ClientError as error:
            return web.json_response({"code": "unreachable", "detail": f"the door: {error}"}, status=502), None
        kept = [(name, value) for name, value in answer.headers.items() if name.lower() not in HOP_BY_HOP]
        return web.Response(status=answer.status, headers=dict(kept), body=content), json_of(content)

    def url(self, request: web.Request) -> URL:
        """The same page of the door, to the letter."""
        return URL(f"{self.door}{request.raw_path}", encoded=True)

    async def before(self, heard: Heard) -> None:
        """Who comes for the first time is introduced; an order that is asked about again has been answered."""
        await self.meet(heard.token)
        named = ONE_ORDER.fullmatch(heard.path)
        if heard.method in {"PATCH", "DELETE"}:
            waited = [self._watches[named[1]]] if named and named[1] in self._watches else []
            await asyncio.gather(*(waited if named else self._watches.values()))

    async def after(self, heard: Heard) -> None:
        """What was asked for is followed until it stands."""
        if not (heard.done and isinstance(heard.answer, dict)):
            return
        await self.meet(str(heard.answer.get("access_token", "")))
        if (heard.method, ONE_ORDER.sub("/orders/*", heard.path)) in WATCHED:
            self.watch(heard)

    def watch(self, heard: Heard) -> None:
        asked = str(heard.answer.get("id", ""))
        path = heard.path if heard.path.endswith(asked) else f"{heard.path}/{asked}"
        self._seen.pop(path, None)
        self._watches[asked] = asyncio.create_task(self.follow(path, heard.token))

    async def follow(self, path: str, token: str) -> None:
        """Until it stands, or time is up."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while asyncio.get_running_loop().time() < deadline:
            document = await self.get(path, token)
            if document.get("status") in STANDING | {"settled", "declined"}:
                self._seen[path] = document
                self.translation.saw(document)
                return
            await asyncio.sleep(EVERY)

    async def meet(self, token: str) -> None:
        """Somebody of before the recording: who he is and what he has."""
        player = self.translation.cast.of_token(token)
        if token and (player is None or not player.known):
            me = await self.get("/me", token)
            if me:
                self.translation.cast.introduce(token, me, await self.get("/portfolio", token))

    async def quote(self, heard: Heard) -> Mapping[str, Any] | None:
        """What an order's symbol is quoted at, where a price is named."""
        if heard.method not in {"POST", "PATCH"} or not {"limit_price", "stop_price"} & heard.fields.keys():
            return None
        symbol = heard.fields.get("symbol")
        if symbol is None and ONE_ORDER.fullmatch(heard.path):
            symbol = (await self.get(heard.path, heard.token)).get("symbol")
        return await self.get(f"/quotes/{symbol}", heard.token) if symbol else None

    async def get(self, path: str, token: str) -> dict[str, Any]:
        """A look of the recorder's own; nothing where it is refused."""
        headers = {"Authorization": f"Bearer {token}"}
        try:
            async with self.session.get(f"{self.door}{PREFIX}{path}", headers=headers) as answer:
                found = json_of(await answer.read())
        except aiohttp.ClientError:
            return {}
        return found if isinstance(found, dict) and answer.status < 400 else {}

    async def pass_socket(self, request: web.Request) -> web.WebSocketResponse:
        """A WebSocket, both ways."""
        near = web.WebSocketResponse()
        await near.prepare(request)
        async with self.session.ws_connect(self.url(request)) as far:
            await pass_on(near, far, self.hearers() if request.path == SOCKET else DEAF)
        return near

    def hearers(self) -> Hearers:
        """Of one WebSocket: its frames stand in the line with the requests."""
        socket, token, listening = object(), "", self.translation.listening

        def at_its_place(told: Telling) -> None:
            self.place()[0] = told
            self.tell()

        async def asked(frame: Any) -> None:
            nonlocal token
            if isinstance(frame, dict) and isinstance(frame.get("token"), str):
                token = frame["token"]
                self.translation.secrets.add(token)
                await self.meet(token)
            else:
                at_its_place(partial(listening.asked, socket, token, frame))

        return Hearers(
            asked,
            lambda frame: at_its_place(partial(listening.said, socket, token, frame)),
            lambda code: None if self._ending else at_its_place(partial(listening.closed, socket, token, code)),
        )


SENT_ANEW = HOP_BY_HOP | {"host", "accept-encoding"}
Telling = Callable[[], None]


async def _unheard(_: Any) -> None:
    """Of a WebSocket that is not the API's."""


DEAF = Hearers(_unheard, lambda _: None, lambda _: None)


def json_of(content: bytes) -> Any:
    """None for what is no JSON."""
    try:
        return json.loads(content) if content else None
    except ValueError:
        return None
