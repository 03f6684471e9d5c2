"""A world from its checkpoint goes on as the one it was taken from."""

from random import Random

import pytest

from services.contracts.times import from_rfc3339
from sim.venue import checkpoint
from sim.venue.orders import NewOrder
from sim.venue.setup import Setup
from sim.venue.world import World

BEGINNINGS = {
    "the recording, then agents": Setup(seed=7, origin=from_rfc3339("2024-08-08T07:10:00Z")),
    "the recording again and again": Setup(seed=8, origin=from_rfc3339("2024-08-08T07:10:00Z"), at_end="loop"),
    "the close, and the next day": Setup(seed=9, origin=from_rfc3339("2024-08-08T20:38:30Z")),
    "before the open": Setup(seed=10, origin=from_rfc3339("2024-08-08T06:59:00Z")),
}


def made(setup: Setup) -> World:
    return World(setup, lambda _sender, _name: None)


def orders(world: World, rng: Random) -> None:
    """A few limit orders around the touch of random symbols."""
    for _ in range(3):
        market = world.markets[rng.choice(list(world.markets))]
        best = market.bids.best() or market.reference
        world.apply(
            NewOrder(
                sender="ORDERS",
                cl_ord_id=str(rng.random()),
                account=rng.choice(["alice", "bob"]),
                symbol=market.symbol,
                side="buy",
                type="limit",
                tif=rng.choice(["day", "gtc"]),
                quantity=market.lot * rng.randint(1, 500),
                limit_price=best + rng.randint(-2, 2) * market.tick,
            )
        )


@pytest.mark.parametrize("beginning", list(BEGINNINGS))
def test_what_was_restored_goes_on_as_what_was_saved(beginning: str) -> None:
    setup, rng = BEGINNINGS[beginning], Random(1)
    world = made(setup)
    world.begin()
    for _ in range(6):
        world.catch_up(world.now + rng.randint(1, 25_000_000))
        orders(world, rng)
        world.taken()
        again = made(setup)
        checkpoint.restore(again, checkpoint.saved(world))
        until, seed = world.now + rng.randint(1, 8_000_000), rng.random()
        for each in (world, again):
            each.catch_up(until)
            orders(each, Random(seed))
        told, same = world.taken(), again.taken()
        assert checkpoint.saved(again) == checkpoint.saved(world)
        assert (told.messages, told.executions) == (same.messages, same.executions)
