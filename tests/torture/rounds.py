"""One round: orders on schedule, one strike among them, everything settled, the audit clean, each book right."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from tests.e2e.trading import PATIENCE, Place, Trader
from tests.eventually import eventually
from tests.torture.victims import Strike, choose

RATE = 10
"""Orders a second, whether or not the last was answered."""
ORDERS = 20
"""A round."""


@dataclass(frozen=True)
class Round:
    """What a round did; ``settled`` are the seconds from the strike until the audit was clean."""

    number: int
    seed: int
    victim: str
    strike: str
    orders: int
    settled: float
    wrong: str = ""
    commit: str = ""
    """What it was played on."""

    def row(self) -> dict[str, Any]:
        """As a line of the log."""
        return asdict(self)


async def play(
    place: Place, traders: Sequence[Trader], seed: int, number: int, victims: Sequence[str], commit: str
) -> Round:
    """The whole round; what went wrong is part of what it returns."""
    chance = Random(f"{seed} {number}")
    strike = choose(place.tool, chance, victims)
    struck = time.monotonic()
    try:
        async with asyncio.TaskGroup() as group:
            blow = group.create_task(_fall(strike, chance.uniform(0.0, ORDERS / RATE)))
            for order in range(ORDERS):
                trader = traders[order % len(traders)]
                group.create_task(_at(order / RATE, trader, f"{number}-{order}"))
        struck = blow.result()
        await settle(place, traders)
        wrong = ""
    except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001 (it is what the round found)
        wrong = _said(error)
    seconds = round(time.monotonic() - struck, 2)
    return Round(number, seed, strike.victim, str(strike), ORDERS, seconds, wrong, commit)


async def settle(place: Place, traders: Sequence[Trader]) -> None:
    """Everything has its end and every book is right."""
    report = await eventually(lambda: asyncio.to_thread(place.audit), PATIENCE)
    left = [*report.differences, *report.in_flight]
    assert not left, f"the audit finds {left[:5]}"
    await asyncio.gather(*(trader.check_books() for trader in traders))


async def _fall(strike: Strike, moment: float) -> float:
    """Strike at a moment of the round and bring the victim back; when it was struck."""
    await _until(moment)
    await asyncio.to_thread(strike.hit)
    struck = time.monotonic()
    await _until(strike.away)
    await asyncio.to_thread(strike.mend)
    return struck


async def _at(moment: float, trader: Trader, key: str) -> None:
    await _until(moment)
    await trader.trade(key)


async def _until(seconds: float) -> None:
    """The schedule of a round, not a wait for something to happen."""
    loop = asyncio.get_running_loop()
    come = asyncio.Event()
    loop.call_later(seconds, come.set)
    await come.wait()


def _said(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(_said(each) for each in error.exceptions)
    return f"{type(error).__name__}: {error}"[:2_000]
