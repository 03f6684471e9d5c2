"""Recommendations for one user, over HTTP."""

import asyncio
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from services.contracts.events.recommendations import signal_json
from services.kernel.security import authenticated
from services.kernel.service import Service
from services.kernel.web import JSON
from services.recommendations.api.signals import Signal, Text
from services.recommendations.domain.advice import FRESH, Advice, Because, Holdings, Kind, advised
from services.recommendations.domain.counsel import counsel
from services.recommendations.domain.strategies import Side
from services.recommendations.store import signals


class Recommendation(BaseModel):
    """Something to look at: ``signals`` on what is held or watched, with the side that they lean to; too much of one

    instrument (``concentration``) or money without use (``idle_cash``), with their numbers: per cents of one currency.
    """

    kind: Kind
    weight: Annotated[int, Field(ge=0, le=100)]
    symbol: str | None
    currency: str | None
    side: Side | None
    because: Because | None
    text: Text
    numbers: dict[str, str]
    signals: list[Signal]


class Recommendations(BaseModel):
    """The weightiest first."""

    items: list[Recommendation]


def add_recommendations(routes: APIRouter, service: Service) -> None:
    """What this user may want to look at."""

    @routes.get("/recommendations", response_model=Recommendations, dependencies=[Depends(authenticated)])
    async def get_recommendations(request: Request) -> JSON:
        """What the user holds and watches, under the signals of the last day; too much of one thing; idle money."""
        own = {"authorization": request.headers["authorization"]}
        portfolio, watchlist = await asyncio.gather(
            service.peers["portfolio"].json("GET", "/portfolio", headers=own),
            service.peers["auth"].json("GET", "/me/watchlist", headers=own),
        )
        holdings, watched = msgspec.convert(portfolio, Holdings), frozenset(watchlist["symbols"])
        async with service.database.reading() as connection:
            rows = await signals.since(connection, service.clock.now() - FRESH, sorted(holdings.held | watched))
        found = advised(holdings, watched, [signals.signal_of(row) for row in rows])
        return JSON({"items": [advice_json(each) for each in found]})


def advice_json(advice: Advice) -> dict[str, Any]:
    """In words, with its numbers."""
    return {
        "kind": advice.kind,
        "weight": advice.weight,
        "symbol": advice.symbol,
        "currency": advice.currency,
        "side": advice.side,
        "because": advice.because,
        "text": counsel(advice),
        "numbers": advice.numbers,
        "signals": [signal_json(signal) for signal in advice.signals],
    }
