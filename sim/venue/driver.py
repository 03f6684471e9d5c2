"""Moves the market on: with the clock, or as fast as everybody follows when it is driven."""

import asyncio
import time
from contextlib import suppress

from services.contracts.clock import MINUTE, SECOND
from sim.feeds.program import Program
from sim.venue.exchange import Exchange
from sim.venue.journal import course
from sim.venue.world import GRID

PACE = 0.02
"""Seconds between two rounds at least; a fast clock does several instants in one."""
STRETCH, AT_FULL_SPEED = 0.01, 0.02
"""Seconds of playing after which others have their turn."""
CHECKPOINT = 30.0
"""Seconds between two checkpoints."""
MANY, LONG = 500, 5 * MINUTE
"""Commands, or market time, that bring a checkpoint on."""
END = 2**62
"""Later than any moment."""


class Driver:
    """The venue's loop."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.clock = exchange.clock
        self.kept = time.monotonic()
        self.course = course(self.clock.state)
        """How the clock goes, as the journal knows it."""

    async def run(self) -> None:
        while True:
            if self.drives:
                await self.drive()
            else:
                self.follow()
                await self.pause()
            self.keep()

    @property
    def drives(self) -> bool:
        """Whether the market sets the clock: on the way to a moment, or while there is a recording left."""
        state = self.clock.state
        return state.mode == "driven" and (state.until is not None or self.recorded)

    @property
    def recorded(self) -> bool:
        """Whether there is a recording left to drive the clock."""
        return any(isinstance(feed, Program) and feed.recorded for feed in self.exchange.world.feeds.values())

    @property
    def next(self) -> int:
        """The next instant."""
        now = self.exchange.world.now
        return now - now % GRID + GRID

    @property
    def behind(self) -> int:
        """Instants that are due by the clock and not played yet."""
        return max(0, (self.clock.now() - self.next) // GRID + 1)

    def follow(self) -> None:
        """Play what is due by the clock, for a while at most."""
        now, until = self.clock.now(), self.clock.state.until
        self.stretch(now, STRETCH)
        self.exchange.commit()
        if until is not None and now >= until and self.next > until:
            self.stand(until)

    def stretch(self, until: int, seconds: float) -> bool:
        """Instants up to a moment, as far as one turn's time goes; whether one touched an order and that ends it."""
        world, deadline = self.exchange.world, time.perf_counter() + seconds
        while self.next <= until:
            world.instant(self.next)
            if self.clock.touch and world.touched:
                return True
            if time.perf_counter() > deadline:
                break
        return False

    def stand(self, moment: int) -> None:
        """Market time stands from here on, past the moment where it jumped; a start finds it so."""
        self.clock.start(max(moment, self.exchange.world.now), self.clock.state.speed, "paused")
        self.exchange.keep_time()

    async def pause(self) -> None:
        """Until the next instant, or until the clock is changed."""
        state, now = self.clock.state, self.clock.now()
        if state.mode != "running":
            await (self.changed(None) if self.next > now else asyncio.sleep(0))
            return
        due = self.next if state.until is None else min(self.next, state.until)
        left = (due - now) / SECOND / state.speed
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
        until = self.clock.state.until
        touched = self.stretch(END if until is None else until, AT_FULL_SPEED)
        self.exchange.commit()
        if touched:
            self.stand(self.exchange.world.now)
        elif until is not None and self.next > until:
            self.stand(until)
        elif not self.drives:
            self.clock.change(self.clock.state.speed, "running")
        await self.exchange.drained()
        await asyncio.sleep(0)

    def keep(self) -> None:
        """How the clock goes now, and a checkpoint now and then, so that a start has little to play again."""
        exchange, state = self.exchange, self.clock.state
        if self.course != course(state):
            exchange.keep_time()
            self.course = course(state)
        commands, moment = exchange.kept
        late = time.monotonic() - self.kept > CHECKPOINT
        if late or exchange.commands - commands >= MANY or exchange.world.now - moment >= LONG:
            exchange.keep_checkpoint()
            self.kept = time.monotonic()
