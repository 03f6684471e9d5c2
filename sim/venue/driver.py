"""Moves the market on: with the clock, or as fast as everybody follows when the feed drives the clock."""

import asyncio
import time
from contextlib import suppress

from services.contracts.clock import MINUTE, SECOND
from sim.feeds.program import Program
from sim.venue.exchange import Exchange
from sim.venue.world import GRID

PACE = 0.02
"""Seconds between two rounds at least; a fast clock does several instants in one."""
STRETCH, AT_FULL_SPEED = 0.01, 0.02
"""Seconds of playing after which others have their turn."""
CHECKPOINT = 30.0
"""Seconds between two checkpoints."""
MANY, LONG = 500, 5 * MINUTE
"""Commands, or market time, that bring a checkpoint on."""


class Driver:
    """The venue's loop."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.clock = exchange.clock
        self.kept = time.monotonic()

    async def run(self) -> None:
        while True:
            if self.clock.state.mode == "driven" and self.drives:
                await self.drive()
            else:
                self.follow()
                await self.pause()
            self.keep()

    @property
    def drives(self) -> bool:
        """Whether there is a recording left to drive the clock."""
        return any(isinstance(feed, Program) and feed.recorded for feed in self.exchange.world.feeds.values())

    def follow(self) -> None:
        """Play what is due by the clock, for a while at most."""
        self.stretch(self.clock.now(), STRETCH)
        self.exchange.commit()

    def stretch(self, until: int, seconds: float) -> None:
        """Instants up to a moment, as far as one turn's time goes."""
        world, deadline = self.exchange.world, time.perf_counter() + seconds
        while (instant := world.now - world.now % GRID + GRID) <= until:
            world.instant(instant)
            if time.perf_counter() > deadline:
                break

    async def pause(self) -> None:
        """Until the next instant, or until the clock is changed."""
        state = self.clock.state
        if state.mode != "running":
            await self.changed(None)
            return
        world = self.exchange.world
        due = world.now - world.now % GRID + GRID
        left = (due - self.clock.now()) / SECOND / state.speed
        if left > -STRETCH:
            await self.changed(max(left, PACE))
        else:
            await asyncio.sleep(0)

    async def changed(self, patience: float | None) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self.clock.changed.wait(), patience)
        self.clock.changed.clear()

    async def drive(self) -> None:
        """One stretch at full speed; when the recording is over the clock runs as before."""
        self.stretch(self.exchange.world.now + 10**18, AT_FULL_SPEED)
        self.exchange.commit()
        if not self.drives:
            self.clock.change(self.clock.state.speed, "running")
        await self.exchange.drained()
        await asyncio.sleep(0)

    def keep(self) -> None:
        """A checkpoint now and then, so that a start has little to play again."""
        exchange = self.exchange
        commands, moment = exchange.kept
        late = time.monotonic() - self.kept > CHECKPOINT
        if late or exchange.commands - commands >= MANY or exchange.world.now - moment >= LONG:
            exchange.keep_checkpoint()
            self.kept = time.monotonic()
