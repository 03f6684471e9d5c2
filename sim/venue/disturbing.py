"""A halt by a fault: a command like any other, so that the journal gives the same market again."""

import asyncio

from services.contracts.faults import UnfitError
from services.runtime.faults import Active, Faults
from sim.venue.exchange import Exchange
from sim.venue.orders import Halt


async def disturb(faults: Faults, exchange: Exchange) -> None:
    """Have symbols halted while they are told to; those that the process before has left halted go on."""
    under_way: set[asyncio.Task[None]] = set()

    def turn(symbol: str, *, on: bool) -> None:
        task = asyncio.get_running_loop().create_task(exchange.execute([Halt(symbol=symbol, on=on)]))
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    def begin(active: Active) -> None:
        if active.text("symbol") not in exchange.instruments:
            raise UnfitError(f"no symbol is called {active.text('symbol')}")
        turn(active.text("symbol"), on=True)

    def end(active: Active) -> None:
        if not faults.find("feed.halt", symbol=active.text("symbol")):
            turn(active.text("symbol"), on=False)

    faults.on("feed.halt", begin, end)
    left = [Halt(symbol=symbol, on=False) for symbol, market in exchange.world.markets.items() if market.suspended]
    if left:
        await exchange.execute(left)
