"""A venue with traders of its own that a test may kill at any point: `python -m ...child STATE STEPS`.

What is sent at a step follows from the step alone, so a run that was killed and started again must end as one that
was not.
"""

import asyncio
import sys
from pathlib import Path
from random import Random

from services.contracts.orders import OrderType
from services.contracts.times import from_rfc3339
from services.runtime import killpoints
from sim.clock.clock import MasterClock
from sim.venue.exchange import Exchange
from sim.venue.journal import Journal
from sim.venue.orders import Cancel, Command, NewOrder, Replace
from sim.venue.recovery import recover
from sim.venue.setup import Setup
from sim.venue.world import GRID

ORIGIN = from_rfc3339("2024-08-08T07:10:00Z")
SYMBOLS = ("AAPL", "SBER", "BTCUSDT")
SETUP = Setup(seed=7, origin=ORIGIN, symbols=SYMBOLS)


def opened(state: Path, setup: Setup = SETUP) -> Exchange:
    """The exchange of a folder; its clock stands wherever the market does."""
    journal = Journal(state / "venue.db")
    clock = MasterClock(setup.origin)
    exchange = Exchange(recover(journal, setup), journal, clock)
    clock.start(exchange.world.now, 1.0, "driven")
    exchange.commit()
    return exchange


def command(exchange: Exchange, step: int) -> Command:
    """Something to send at a step: around the touch, on what stands there."""
    rng = Random(step)
    name, old = f"s{step}", f"s{step - rng.choice((5, 10, 15))}"
    symbol = rng.choice(SYMBOLS)
    instrument, book = exchange.instruments[symbol], exchange.snapshot(symbol)
    if rng.random() < 0.2:
        return Cancel(sender="ORDERS", cl_ord_id=name, orig_cl_ord_id=old)
    if rng.random() < 0.2:
        return Replace(sender="ORDERS", cl_ord_id=name, orig_cl_ord_id=old, quantity=rng.randint(1, 9) * instrument.lot)
    buy = rng.random() < 0.5
    kinds: list[OrderType] = ["market", "limit", "limit", "stop"]
    kind = rng.choice(kinds)
    touch = (book.bids if buy else book.asks)[0][0]
    away = rng.randint(-3, 3) * instrument.tick
    return NewOrder(
        sender="ORDERS",
        cl_ord_id=name,
        account=rng.choice(("alice", "bob")),
        symbol=symbol,
        side="buy" if buy else "sell",
        type=kind,
        tif=rng.choice(("day", "gtc", "ioc")),
        quantity=rng.randint(1, 50) * instrument.lot * (500 if symbol == "BTCUSDT" else 1),
        limit_price=touch + away if kind == "limit" else None,
        stop_price=touch + (3 if buy else -3) * instrument.tick if kind == "stop" else None,
    )


async def trade(exchange: Exchange, steps: int) -> None:
    """From where the market is up to a step; a checkpoint each 70 steps."""
    world = exchange.world
    while (step := (world.now - ORIGIN) // GRID) < steps:
        if step % 5 == 0 and exchange.order("ORDERS", f"s{step}") is None and not sent(exchange, step):
            await exchange.execute([command(exchange, step)])
        world.advance(world.now + GRID)
        exchange.commit()
        if step % 70 == 69:
            exchange.keep_checkpoint()


def sent(exchange: Exchange, step: int) -> bool:
    """Whether the command of a step is in the journal, whatever came of it."""
    pattern = f'%"cl_ord_id":"s{step}"%'
    query = "SELECT count(*) FROM commands WHERE body LIKE ?"
    return bool(exchange.journal().execute(query, (pattern,)).fetchone()[0])


def main() -> None:
    killpoints.arm_from_environment()
    exchange = opened(Path(sys.argv[1]))
    asyncio.run(trade(exchange, int(sys.argv[2])))


if __name__ == "__main__":
    main()
