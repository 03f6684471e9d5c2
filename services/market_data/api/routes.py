"""Market data's routes: instruments, quotes, books, trades, candles."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from services.contracts.clock import DAY
from services.contracts.errors import DomainError
from services.contracts.market import Bar, bar_json, quote_json, trade_json
from services.kernel import paging
from services.kernel.moments import Moment, moment_of
from services.kernel.security import authenticated
from services.kernel.service import Service
from services.kernel.web import JSON
from services.market_data.api import models, views
from services.market_data.api.sources import Sources
from services.market_data.domain.candles import LENGTHS, Interval
from services.market_data.domain.symbol import Symbol
from services.market_data.store import candles

BARS = 1_500
"""Candles in one answer at most."""
Depth = Annotated[int, Query(ge=1, le=1_000)]


def public(service: Service, sources: Sources) -> APIRouter:
    """What a trader sees of the market."""
    routes = APIRouter(tags=["market data"], dependencies=[Depends(authenticated)])
    add_current(routes, sources)
    add_past(routes, service, sources)
    return routes


def quote_of(sources: Sources, symbol: Symbol) -> dict[str, Any]:
    return quote_json(symbol.quote(stale=sources.stale()), symbol.instrument)


def add_current(routes: APIRouter, sources: Sources) -> None:
    """Instruments, quotes, books: as they are now."""

    @routes.get("/instruments", response_model=models.Instruments)
    async def get_instruments() -> JSON:
        """All instruments with their terms, status and today's price band."""
        return JSON({"items": [views.instrument_json(sources.symbols[name]) for name in sorted(sources.symbols)]})

    @routes.get("/quotes", response_model=models.Quotes)
    async def get_quotes(symbols: Annotated[str | None, Query(max_length=2_000)] = None) -> JSON:
        """The quotes of some symbols (``?symbols=AAPL,BTCUSDT``), or of all."""
        wanted = symbols.split(",") if symbols else sorted(sources.symbols)
        return JSON({"items": [quote_of(sources, sources.symbol(name)) for name in wanted]})

    @routes.get("/quotes/{symbol}", response_model=models.Quote)
    async def get_quote(symbol: str) -> JSON:
        """One quote."""
        return JSON(quote_of(sources, sources.symbol(symbol)))

    @routes.get("/book/{symbol}", response_model=models.Book)
    async def get_book(symbol: str, depth: Depth = 20) -> JSON:
        """The best levels of both sides."""
        return JSON(views.book_json(sources.symbol(symbol), depth))


def add_past(routes: APIRouter, service: Service, sources: Sources) -> None:
    """Trades and candles."""

    @routes.get("/trades/{symbol}", response_model=models.TradePage)
    async def get_trades(symbol: str, cursor: paging.Cursor = None, limit: paging.Limit = 50) -> JSON:
        """Trades, newest first."""
        market = sources.symbol(symbol)
        key = paging.key_of(cursor, int)
        before = min(int(key[0]) if key else market.trade_id + 1, market.trade_id + 1)
        rows = await sources.trades(symbol, max(before - limit - 2, 0), limit + 1) if before > 1 else []
        newest = [trade for trade in reversed(rows) if trade.trade_id < before]
        shown = paging.page(newest, limit, lambda row: (row.trade_id,), lambda row: trade_json(row, market.instrument))
        return JSON(shown)

    @routes.get("/candles/{symbol}", response_model=models.Candles)
    async def get_candles(
        symbol: str,
        interval: Interval = "1m",
        since: Annotated[Moment, Query(alias="from")] = None,
        until: Annotated[Moment, Query(alias="to")] = None,
    ) -> JSON:
        """Candles that start in [from, to), oldest first, 1,500 at most; by default the latest and the forming one."""
        market = sources.symbol(symbol)
        first, last = span(since, until, market.time, LENGTHS[interval])
        if first < market.time - market.time % DAY:
            await sources.fill(symbol)
        async with service.database.reading() as connection:
            bars = await candles.between(connection, symbol, interval, first, last, BARS)
        shown = [bar_json(bar, market.instrument, closed=True) for bar in bars]
        fresh = unstored(market, interval, first, last, bars)
        return JSON({"items": [*shown, *fresh][:BARS]})


def span(since: str | None, until: str | None, now: int, length: int) -> tuple[int, int]:
    """The range of time that was asked for; by default so many bars until now."""
    last = moment_of(until, "to") if until else now + 1
    first = moment_of(since, "from") if since else last - BARS * length // 5
    if first > last:
        raise DomainError("invalid_time", 422, "from is after to", field="from")
    return first, last


def unstored(market: Symbol, interval: Interval, first: int, last: int, stored: list[Bar]) -> list[dict[str, Any]]:
    """Bars that closed within the last second, and the forming one."""
    newest = stored[-1].start if stored else -1
    closed = [bar for bar in market.closed if bar.interval == interval and bar.start > newest]
    shown = [bar_json(bar, market.instrument, closed=True) for bar in closed if first <= bar.start < last]
    forming = market.candles.forming.get(interval)
    if forming and first <= forming.start < last:
        bar = forming.closed(market.instrument.symbol, interval)
        shown.append(bar_json(bar, market.instrument, closed=False))
    return shown
