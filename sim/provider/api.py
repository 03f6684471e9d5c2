"""REST: instruments, snapshots, trades after an id, bars; integers in the instrument's scales, as on the stream."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request, Response
from starlette.routing import WebSocketRoute

from services.contracts.clock import DAY
from services.runtime import faults
from sim.provider.hub import Hub
from sim.provider.market import Market
from sim.provider.stream import HEARTBEAT, Streams

MOST_DAYS = 31
LARGEST = 2**63 - 1
Symbol = Annotated[str, Query(max_length=40)]
Moment = Annotated[int, Query(ge=0, le=LARGEST, description="market time, microseconds since 1970 UTC")]


def application(market: Market, hub: Hub, key: str, heartbeat: float = HEARTBEAT) -> FastAPI:
    """The provider's door: REST, and the stream at /ws."""
    app = FastAPI(
        title="Simulated market data provider",
        routes=[WebSocketRoute("/ws", Streams(market, hub, key, heartbeat, faults.of("provider")).serve)],
    )
    app.include_router(router(market, hub), dependencies=[Depends(keyed(key))])
    return app


def keyed(key: str) -> Callable[[Request], Awaitable[None]]:
    """Refuses who does not show the key."""

    async def check(request: Request) -> None:
        shown = request.headers.get("x-api-key") or request.query_params.get("key", "")
        if not secrets.compare_digest(shown.encode(), key.encode()):
            raise HTTPException(401, "wrong key")

    return check


def router(market: Market, hub: Hub) -> APIRouter:
    """The pages."""
    routes = APIRouter(tags=["market data"], responses={401: {"description": "Wrong key"}})

    def known(symbol: str) -> str:
        if symbol not in market.instruments:
            raise HTTPException(404, "unknown symbol")
        return symbol

    @routes.get("/instruments")
    async def instruments() -> Response:
        """All instruments, as the contract has them."""
        return _json(list(market.instruments.values()))

    @routes.get("/references")
    async def references() -> Response:
        """By symbol, the price that today's band stands around: the close before today's session."""
        return _json({symbol: market.reference(symbol) for symbol in market.instruments})

    @routes.get("/snapshot/{symbol}", responses={404: {"description": "Unknown symbol"}})
    async def snapshot(symbol: str) -> Response:
        """The whole book and the sequence number that it stands at."""
        return _json(market.snapshot(known(symbol)))

    @routes.get("/trades", responses={404: {"description": "Unknown symbol"}})
    async def trades(
        symbol: Symbol,
        after: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
        limit: Annotated[int, Query(ge=1, le=10_000)] = 1_000,
    ) -> Response:
        """Trades with an id above ``after``, in order."""
        return _json(market.trades_after(known(symbol), after, limit))

    @routes.get("/bars", responses={400: {"description": "Too long"}, 404: {"description": "Unknown symbol"}})
    async def bars(
        symbol: Symbol, start: Annotated[Moment, Query(alias="from")], end: Annotated[Moment, Query(alias="to")]
    ) -> Response:
        """One-minute bars that start in [from, to)."""
        if end - start > MOST_DAYS * DAY:
            raise HTTPException(400, f"more than {MOST_DAYS} days")
        return _json(market.bars(known(symbol), start, end))

    @routes.get("/status")
    async def status() -> Response:
        """Connected clients and what waits for the slowest."""
        waiting = max((subscriber.waiting for subscriber in hub.subscribers), default=0)
        return _json({"clients": len(hub.subscribers), "waiting_bytes": waiting})

    return routes


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
