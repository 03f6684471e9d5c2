"""What other services fetch at their start, or for want of a cache: instruments, quotes, bars, all as integers."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query

from services.contracts.errors import DomainError
from services.contracts.instruments import ListedInstrument
from services.kernel import state
from services.kernel.service import Service
from services.kernel.web import JSON
from services.market_data.api.sources import Sources
from services.market_data.domain.candles import Interval
from services.market_data.store import candles

LATEST = 2**62
Moment = Annotated[int, Query(ge=0, le=LATEST)]
Names = Annotated[str, Query(max_length=10_000)]
"""With commas between."""


def internal(service: Service, sources: Sources) -> APIRouter:
    """Pages behind the sandbox's key."""
    routes = APIRouter(prefix="/internal", dependencies=[Depends(state.guard)], include_in_schema=False)

    @routes.get("/instruments")
    async def instruments() -> JSON:
        """Instruments with their status now and the price that today's band stands around."""
        return JSON(
            [
                ListedInstrument(**msgspec.structs.asdict(symbol.terms()), reference=symbol.reference)
                for symbol in sources.symbols.values()
            ]
        )

    @routes.get("/market/{symbol}")
    async def market(symbol: str, after: Moment = 0) -> JSON:
        """The whole book at its number, and the latest trades with an id above ``after``."""
        return JSON(sources.symbol(symbol).view(after))

    @routes.get("/quotes")
    async def quotes(names: Names) -> JSON:
        """The last quotes by symbol, for who cannot have them from the cache."""
        stale = sources.stale()
        return JSON({name: sources.symbols[name].quote(stale=stale) for name in known(names)})

    @routes.get("/minutes")
    async def minutes(names: Names) -> JSON:
        """The forming minutes by symbol, of those that traded in theirs."""
        forming = {name: sources.symbols[name].candles.forming.get("1m") for name in known(names)}
        return JSON({name: bar.closed(name, "1m") for name, bar in forming.items() if bar})

    def known(names: str) -> list[str]:
        return [name for name in names.split(",") if name in sources.symbols]

    @routes.get("/bars/{symbol}")
    async def bars(
        symbol: str,
        interval: Interval,
        since: Annotated[Moment, Query(alias="from")] = 0,
        until: Annotated[Moment, Query(alias="to")] = LATEST,
        limit: Annotated[int, Query(ge=1, le=10_000)] = 1_000,
    ) -> JSON:
        """Closed bars, oldest first, history included; 503 until that is stored, for which services have time."""
        if not sources.filled(symbol):
            raise DomainError("history_pending", 503, f"the history of {symbol} is being stored")
        async with service.database.reading() as connection:
            return JSON(await candles.between(connection, symbol, interval, since, until, limit))

    return routes
