"""Signals over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from services.contracts.events.recommendations import signal_json
from services.kernel import paging
from services.kernel.security import authenticated
from services.kernel.service import Service
from services.kernel.web import JSON
from services.recommendations.domain.strategies import Name, Side
from services.recommendations.store import signals as store

SymbolFilter = Annotated[str | None, Query(max_length=32)]


class Text(BaseModel):
    """By language."""

    en: str
    ru: str


class Signal(BaseModel):
    """What a strategy saw, why, and how it did on the stored bars."""

    id: str
    symbol: str
    strategy: Name
    side: Side
    strength: Annotated[int, Field(ge=1, le=100)]
    horizon: str
    reason: Text
    numbers: dict[str, str]
    record: dict[str, str]
    bar_start: str
    historical: bool


class Signals(BaseModel):
    """The newest bar first."""

    items: list[Signal]
    next: str | None


def add_signals(routes: APIRouter, service: Service) -> None:
    """Signals with their reasons."""

    @routes.get("/signals", response_model=Signals, dependencies=[Depends(authenticated)])
    async def get_signals(symbol: SymbolFilter = None, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> JSON:
        """Signals, the newest bar first."""
        key = paging.key_of(cursor, int, str)
        before = (int(key[0]), str(key[1])) if key else None
        async with service.database.reading() as connection:
            rows = await store.newest(connection, symbol, before, limit)
        return JSON(
            paging.page(
                rows,
                limit,
                lambda row: (row["bar_start"], row["signal_id"]),
                lambda row: signal_json(store.signal_of(row)),
            )
        )
