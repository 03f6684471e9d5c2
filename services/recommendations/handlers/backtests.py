"""Tries a strategy on stored bars, in the event loop by small steps: so many side by side, so long, so many bars."""

import asyncio
from typing import NamedTuple

import msgspec

from services.contracts.clock import DAY
from services.contracts.errors import DomainError
from services.contracts.instruments import ListedInstrument
from services.kernel.service import Service
from services.recommendations.domain.backtest import Trial
from services.recommendations.domain.record import Candle
from services.recommendations.domain.strategies import Name
from services.recommendations.handlers.bars import stored

SIDE_BY_SIDE = 2
STEP = 100
"""Bars between two turns for others: a millisecond."""
BEFORE = 5 * DAY
"""Bars that the indicators are made from first; with a weekend among them enough of any market."""


class Wish(NamedTuple):
    """What is to be tried on the bars that start in [since, until)."""

    symbol: str
    strategy: Name
    since: int
    until: int


class Backtests:
    """Backtests of all users."""

    def __init__(self, service: Service) -> None:
        self._market_data = service.peers["market_data"]
        self._limits = service.settings.recommendations
        self._turn = asyncio.Semaphore(SIDE_BY_SIDE)

    async def run(self, wish: Wish) -> Trial:
        """The strategy after all bars; 503 ``busy`` when that takes too long."""
        self._check(wish)
        try:
            async with asyncio.timeout(self._limits.backtest_seconds), self._turn:
                return await self._run(wish)
        except TimeoutError as error:
            detail = "a backtest took too long: try again, or fewer days"
            raise DomainError("busy", 503, detail) from error

    async def _run(self, wish: Wish) -> Trial:
        trial = Trial(wish.strategy, await self._terms(wish.symbol), wish.since)
        first, last = max(wish.since - BEFORE, 0), max(wish.until, 0)
        for number, bar in enumerate(await stored(self._market_data, wish.symbol, Candle, first, last)):
            trial.add(bar)
            if not number % STEP:
                await asyncio.sleep(0)
        return trial

    def _check(self, wish: Wish) -> None:
        if wish.since >= wish.until:
            raise DomainError("invalid_time", 422, "from is not before to", field="from")
        if wish.until - wish.since > self._limits.backtest_days * DAY:
            days = self._limits.backtest_days
            raise DomainError("range_too_long", 422, f"at most {days} days are tried at once", field="from")

    async def _terms(self, symbol: str) -> ListedInstrument:
        page = await self._market_data.json("GET", "/internal/instruments", internal=True)
        for terms in msgspec.convert(page, list[ListedInstrument]):
            if terms.symbol == symbol:
                return terms
        raise DomainError("unknown_symbol", 422, f"there is no instrument {symbol!r}", field="symbol")
