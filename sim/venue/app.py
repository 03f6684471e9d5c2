"""Wiring of the venue."""

from typing import cast

from services.contracts.clock import SECOND
from services.contracts.metrics import simulators
from services.runtime import faults, local
from services.runtime.metrics import Metrics
from services.runtime.resources import Resources, Running
from sim.clock.clock import MasterClock
from sim.venue import api, setup
from sim.venue.disturbing import disturb
from sim.venue.driver import Driver
from sim.venue.exchange import URL, Exchange
from sim.venue.journal import Journal
from sim.venue.recovery import recover


def start_clock(exchange: Exchange, journal: Journal, wanted: str, *, paused: bool = False) -> None:
    """Let market time go on where the journal ends, as it went; unless now another speed is wanted than last time.

    A new market's stands at its beginning where that is asked for.
    """
    _, _, speed, mode, _ = (journal.rows("progress") or [(1, 0, "1", "running", "")])[0]
    paused = paused and not journal.rows("progress")
    if wanted and [("speed", wanted)] != journal.rows("meta", "WHERE name = 'speed'"):
        mode = "driven" if wanted == "max" else "running"
        speed = speed if wanted == "max" else wanted
        with journal.transaction():
            journal.put("meta", [("speed", wanted)])
    exchange.clock.start(exchange.world.now, float(speed), "paused" if paused else mode)


def measured(exchange: Exchange, driver: Driver) -> Metrics:
    """The market's own numbers."""
    metrics = Metrics("venue")
    metrics.counter(simulators.COMMANDS).read(lambda: exchange.commands)
    metrics.counter(simulators.EXECUTIONS).read(lambda: exchange.world.record.number)
    metrics.gauge(simulators.BEHIND).read(lambda: driver.behind / SECOND)
    return metrics


async def run(resources: Resources) -> Running:
    """Bring the market back, or begin one, and start the clock there.

    Options: ``feed`` (a recording for the crypto pair), ``at_end``, ``at``, ``symbols``, ``speed`` (times real time, or
    ``max``) and ``paused`` (a new market's time stands). FeedError and JournalError carry a message and a hint.
    """
    wanted = setup.from_options(resources)
    setup.check(wanted)
    journal = Journal(resources.state / "venue.db")
    clock = cast(MasterClock, local.find(resources.urls["clock"]))
    exchange = Exchange(recover(journal, wanted), journal, clock)
    options = resources.options
    start_clock(exchange, journal, options.get("speed", ""), paused=bool(options.get("paused")))
    exchange.commit()
    exchange.keep_checkpoint()
    local.offer(URL, exchange)
    await disturb(faults.of("venue"), exchange)

    driver = Driver(exchange)

    async def settled() -> dict[str, object]:
        done = {"commands": exchange.commands, "executions": exchange.world.record.number}
        return {"time": exchange.world.now, "behind": driver.behind, "seqs": exchange.world.seqs, "done": done}

    async def stop() -> None:
        if not exchange.lost:
            exchange.commit()
            exchange.keep_checkpoint()
        journal.close()

    app = api.application(exchange, journal, resources.key)
    return Running(asgi=app, metrics=measured(exchange, driver), tasks=[driver.run], settled=settled, stop=stop)
