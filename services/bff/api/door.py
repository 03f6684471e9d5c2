"""The one door: finds a request's service, checks token and rate, passes the rest on as it is.

Pure ASGI between the kernel's Edge and the app of the few pages that are the BFF's own: a request that is passed on
meets no framework here, because it meets one in its service.
"""

from collections.abc import Mapping

from starlette.exceptions import HTTPException

from services.bff.api.headers import Cors, passed_in, passed_out, with_ours
from services.bff.api.socket import Socket
from services.bff.domain.clients import Proxies
from services.bff.domain.routes import OWN, Route, Routes
from services.bff.handlers.forwarding import forward
from services.bff.handlers.rates import Rate
from services.contracts.door import PREFIX, SOCKET
from services.contracts.errors import DomainError
from services.kernel.peers import Peer
from services.kernel.problems import CODES, of_error, problem
from services.kernel.security import Verifier, bearer
from services.kernel.service import Service
from services.runtime.asgi import ASGIApp, Headers, Message, Receive, Scope, Send

SOCKET_PATH = f"{PREFIX}{SOCKET}"


class Door:
    """Every request and every WebSocket of the outside comes through here."""

    def __init__(self, service: Service, socket: Socket, pages: ASGIApp) -> None:
        settings = service.settings
        self.routes = Routes()
        self.cors = Cors(settings.bff.cors_origins.split())
        self.proxies = Proxies(settings.bff.trusted_proxies.split())
        self.pages = pages
        self.socket = socket
        self.verifier: Verifier = service.verifier
        self.peers: Mapping[str, Peer] = service.peers
        cache = service.cache
        self.by_address = Rate(cache, "address", settings.bff.address_requests_per_second)
        self.by_user = Rate(cache, "user", settings.bff.user_requests_per_second)
        self.log_ins = Rate(cache, "auth", settings.bff.log_ins_per_minute, window=60)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
            return
        path: str = scope["raw_path"].decode("latin-1")
        if not path.startswith(PREFIX):
            await self.pages(scope, receive, secured(send, []))
            return
        headers, origin = passed_in(scope["headers"])
        if scope["method"] == "OPTIONS":
            await self._preflight(origin, send)
            return
        try:
            await self._request(scope, receive, send, path[len(PREFIX) :], headers, origin)
        except DomainError as error:
            await of_error(error)(scope, receive, secured(send, self.cors.headers(origin)))
        except HTTPException as error:
            refusal = problem(error.status_code, CODES[error.status_code], str(error.detail), headers=error.headers)
            await refusal(scope, receive, secured(send, self.cors.headers(origin)))

    async def _request(
        self, scope: Scope, receive: Receive, send: Send, path: str, headers: dict[str, str], origin: bytes | None
    ) -> None:
        address = self._client(scope)
        await self.by_address.count(address)
        methods = self.routes.find(path)
        if not methods:
            await self.pages(scope, receive, secured(send, self.cors.headers(origin)))
            return
        route = methods.get(scope["method"])
        if route is None:
            allowed = ", ".join(sorted(methods))
            raise HTTPException(405, f"this path takes {allowed}", {"Allow": allowed})
        scope["route"] = route
        await self._admit(route, headers, address)
        if route.service == OWN:
            await self.pages(scope, receive, secured(send, self.cors.headers(origin)))
            return
        body = await whole(receive)
        if body is None:
            return
        query = scope["query_string"].decode("latin-1")
        answer = await forward(self.peers[route.service], route.method, path, query, headers, body)
        out = passed_out(answer.headers)
        out.append((b"content-length", b"%d" % len(answer.body)))
        out.extend(self.cors.headers(origin))
        await send({"type": "http.response.start", "status": answer.status, "headers": with_ours(out)})
        await send({"type": "http.response.body", "body": answer.body})

    def _client(self, scope: Scope) -> str:
        return self.proxies.client(scope["client"][0] if scope["client"] else None, scope["headers"])

    async def _admit(self, route: Route, headers: Mapping[str, str], address: str) -> None:
        """A good token where one is needed, and not too many requests."""
        if route.token:
            principal = await self.verifier.verify(bearer(headers.get("authorization")))
            await self.by_user.count(principal.user_id)
        elif route.method != "GET":
            await self.log_ins.count(address)

    async def _preflight(self, origin: bytes | None, send: Send) -> None:
        allowed = self.cors.preflight(origin)
        status = 403 if allowed is None else 204
        headers = with_ours([*(allowed or []), (b"content-length", b"0")])
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != SOCKET_PATH:
            await send({"type": "websocket.close", "code": 1008})
            return
        try:
            await self.by_address.count(self._client(scope))
        except DomainError:
            await send({"type": "websocket.close", "code": 1013})
            return
        await self.socket(receive, send)


async def whole(receive: Receive) -> bytes | None:
    """The request's body; None when the client has gone."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body", False):
        body: bytes = message.get("body", b"")
        return body
    chunks: list[bytes] = []
    while message["type"] == "http.request":
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)
        message = await receive()
    return None


def secured(send: Send, more: Headers) -> Send:
    """Send that adds what every answer has."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = with_ours([*message["headers"], *more])
        await send(message)

    return sent
