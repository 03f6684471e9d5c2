"""Orders on the simulated exchange: clock, venue and broker as they are, over FIX or REST."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import msgspec

from services.contracts.instruments import ListedInstrument
from services.runtime import local
from sim.venue.exchange import Exchange
from sim.venue.orders import Execution
from tests.eventually import eventually
from tests.integration.bff.stack import KEY, Stack
from tests.integration.orders.desk import Office, is_ready, peers
from tests.integration.sim.outside import outside

CASH = 10**12
"""Cents that the trader begins with."""


class Floor(Office):
    """The service, and the venue that a test may look at."""

    def __init__(self, stack: Stack, venue: Exchange) -> None:
        super().__init__(stack)
        self.venue = venue

    def trades(self) -> list[Execution]:
        """The venue's own record of our fills."""
        return [each for each in self.venue.executions_since(0, 100_000) if each.kind == "trade"]

    @asynccontextmanager
    async def orders(self) -> AsyncIterator[None]:
        """The service, until the end of the block."""
        async with self.stack.part("orders") as running:
            await eventually(lambda: is_ready(running), timeout=20)
            yield


def listed(venue: Exchange) -> Sequence[ListedInstrument]:
    """As market data gives them."""
    return [
        ListedInstrument(**msgspec.structs.asdict(instrument), reference=venue.reference(symbol))
        for symbol, instrument in venue.instruments.items()
    ]


@asynccontextmanager
async def floor(folder: Path, broker: str = "fix", **options: str) -> AsyncIterator[Floor]:
    """The outside world; the service, which reaches the broker by this door of his, is the test's to start."""
    settings = {"symbols": "AAPL,BTCUSDT", "broker_key": KEY, **options}
    async with outside(folder, "clock", "venue", "broker", options=settings) as ports:
        venue = cast(Exchange, local.find("memory://venue"))
        stack = Stack(folder, ("auth", "market_data"), {"orders.broker": broker})
        peers(lambda: listed(venue))
        stack.urls |= {
            "clock": "memory://clock",
            "broker.fix": f"tcp://127.0.0.1:{ports['broker.fix']}",
            "broker.http": f"http://127.0.0.1:{ports['broker.http']}",
        }
        try:
            yield Floor(stack, venue)
        finally:
            await stack.cache.close()
            await stack.broker.close()


async def agrees(exchange: Floor, user: str) -> None:
    """Fills, balances and reservations against the venue's record."""
    tables = await exchange.state()
    ours = {fill["fill_id"]: (fill["price"], fill["quantity"], fill["cost"], fill["fee"]) for fill in tables["fills"]}
    theirs = {
        trade.exec_id: (trade.last_price, trade.last_quantity, trade.cost, trade.fee) for trade in exchange.trades()
    }
    assert ours == theirs
    paid = sum(
        (cost if fill["side"] == "buy" else -cost) + fee
        for fill in tables["fills"]
        for cost, fee in [(fill["cost"], fill["fee"])]
        if fill["currency"] == "USD"
    )
    balance = await exchange.balance(user)
    assert balance["total"] == CASH - paid
    reserved = sum(row["reserved"] for row in tables["reservations"] if row["side"] == "buy")
    assert balance["reserved"] == reserved
    assert tables["unmatched_reports"] == []
