"""What has to be known before the stream is followed: instruments, reference prices, today's earlier bars."""

import asyncio

from services.contracts.clock import DAY
from services.kernel.service import Service
from services.market_data import handlers
from services.market_data.domain.symbol import Symbol
from services.market_data.gateway.history import History
from services.market_data.gateway.provider import Provider


async def start(service: Service) -> tuple[dict[str, Symbol], Provider, History]:
    """Ask the provider, take up where the service stopped, and know what history is missing."""
    provider = Provider(service.peers["provider.http"], service.resources.options["provider_key"])
    instruments, references = await asyncio.gather(provider.instruments(), provider.references())
    offered = [(each, references.get(each.symbol)) for each in instruments]
    symbols, missing = await service.database.transact(handlers.list_instruments, offered)
    history = History(service, provider)
    starts = await asyncio.gather(*(begin(service, provider, symbols[name]) for name in missing))
    for name, moment in zip(missing, starts, strict=True):
        history.needs(name, moment)
    return symbols, provider, history


async def begin(service: Service, provider: Provider, symbol: Symbol) -> int:
    """When the market began to trade; the bars of that day from before it are the symbol's first."""
    name = symbol.instrument.symbol
    trades = await provider.trades(name, 0, 1)
    moment = trades[0].time if trades else service.clock.now()
    if not symbol.trade_id:
        bars = await provider.bars(name, moment - moment % DAY, moment)
        await service.database.transact(handlers.begin_day, symbol, bars)
    return moment
