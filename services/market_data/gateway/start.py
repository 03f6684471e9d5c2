"""What has to be known before the stream is followed: instruments, reference prices, today's earlier bars."""

import asyncio

from services.contracts.clock import DAY
from services.kernel.service import Service
from services.market_data import handlers
from services.market_data.gateway.feed import Feed
from services.market_data.gateway.history import History
from services.market_data.gateway.provider import Provider


async def start(service: Service) -> tuple[Feed, Provider, History]:
    """Ask the provider, take up where the service stopped, and know what history is missing."""
    provider = Provider(service.peers["provider.http"], service.resources.options["provider_key"])
    instruments, references = await asyncio.gather(provider.instruments(), provider.references())
    offered = [(each, references.get(each.symbol)) for each in instruments]
    transact = service.database.transact
    symbols, missing = await transact(handlers.list_instruments, offered)
    now = service.clock.now()
    history = History(service, provider, now)
    for name in missing:
        history.needs(name)
        if not symbols[name].trade_id:
            bars = await provider.bars(name, now - now % DAY, now)
            await transact(handlers.begin_day, symbols[name], bars, now)
    return Feed(service, provider, symbols), provider, history
