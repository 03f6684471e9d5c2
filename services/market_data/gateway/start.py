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
    symbols, missing = await handlers.resumed(service.database, offered)
    history = History(service, provider, missing)
    await asyncio.gather(*(begin(service, provider, symbols[name]) for name in missing if not symbols[name].trade_id))
    return symbols, provider, history


async def begin(service: Service, provider: Provider, symbol: Symbol) -> None:
    """The bars of the day on which the market began, from before it did, are the symbol's first."""
    name = symbol.instrument.symbol
    moment = await provider.beginning(name) or service.clock.now()
    bars = await provider.bars(name, moment - moment % DAY, moment)
    await service.database.transact(handlers.begin_day, symbol, bars)
