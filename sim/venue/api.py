"""The venue's pages: feeds, health, and for the audit its journal."""

import secrets
from typing import Annotated

import msgspec
from fastapi import APIRouter, FastAPI, Header, HTTPException, Query, Response

from services.contracts.times import rfc3339
from sim.venue import audit
from sim.venue.exchange import Exchange
from sim.venue.journal import Journal

Key = Annotated[str, Header(alias="X-Internal-Key")]


def application(exchange: Exchange, journal: Journal, key: str) -> FastAPI:
    """The venue's door for people and the audit; orders come by the broker."""
    app = FastAPI(title="Simulated venue")
    app.include_router(router(exchange, journal))
    app.include_router(internal(exchange, journal, key))
    return app


def router(exchange: Exchange, journal: Journal) -> APIRouter:
    """What everybody may see."""
    routes = APIRouter(tags=["venue"])

    @routes.get("/feeds")
    async def feeds() -> Response:
        """A row a symbol: kind, file, line, skipped lines, market time, lag behind the clock (us), its speed."""
        state = exchange.clock.state
        rows = [
            {"symbol": symbol, **facts, "time": rfc3339(facts["time"]), "speed": state.speed, "mode": state.mode}
            for symbol, facts in exchange.feeds().items()
        ]
        return _json({"items": rows})

    @routes.get("/marks")
    async def marks() -> Response:
        """Where market time or a price does not simply go on: jumps over the night, ends of recordings, other feeds."""
        rows = journal.rows("marks", "ORDER BY time DESC LIMIT 200")
        return _json(
            {"items": [{"time": rfc3339(time), "symbol": symbol, "what": what} for time, symbol, what in rows]}
        )

    @routes.get("/live")
    async def live() -> Response:
        """The process answers."""
        return _json({"status": "live"})

    @routes.get("/ready")
    async def ready() -> Response:
        """Orders can be matched."""
        return _json({"status": "ready", "service": "venue", "checks": {"journal": "ok"}})

    return routes


def internal(exchange: Exchange, journal: Journal, key: str) -> APIRouter:
    """Opened by the sandbox's key only."""
    routes = APIRouter(prefix="/internal", include_in_schema=False)

    def guard(shown: str) -> None:
        if not key or not secrets.compare_digest(shown.encode(), key.encode()):
            raise HTTPException(404)

    @routes.get("/state")
    async def state(shown: Key = "", after: Annotated[str, Query(max_length=40)] = "") -> Response:
        guard(shown)
        try:
            return _json(audit.page(journal, after))
        except ValueError as error:
            raise HTTPException(422, str(error)) from None

    @routes.get("/settled")
    async def settled(shown: Key = "") -> Response:
        guard(shown)
        return _json({"service": "venue", "time": exchange.world.now, "executions": exchange.world.record.number})

    return routes


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")
