"""What can be struck down, and how it comes back."""

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import docker
from docker.errors import APIError
from docker.models.containers import Container

from tests.e2e.tool import Tool
from tradectl.stack.topology import SERVICES

CONTAINERS = ("rabbitmq", "redis", "primary", "replica")
SIMULATORS = "sim"
FREEZES = 5
"""Attempts to pause a container."""


@dataclass(frozen=True)
class Strike:
    """A blow at one victim; ``away`` are the seconds until it is brought back, 0 where it comes back by itself."""

    victim: str
    way: str
    away: float
    hit: Callable[[], None]
    mend: Callable[[], None]

    def __str__(self) -> str:
        return f"{self.way} {self.victim}" + (f" for {self.away:.1f} s" if self.away else "")


def choose(tool: Tool, chance: Random, victims: Sequence[str]) -> Strike:
    """A seeded choice of victim and way."""
    victim = chance.choice(victims)
    away = round(chance.uniform(0.2, 3.0), 1)
    if victim in CONTAINERS:
        way = chance.choice(("kill container", "pause container"))
        return _container(tool, victim, way, away)
    way = chance.choice(("SIGKILL", "SIGKILL", "pause"))
    return _process(tool, victim, way, away)


def _process(tool: Tool, victim: str, way: str, away: float) -> Strike:
    """A child of the supervisor, which starts a killed one again by itself."""
    pid = tool.ready(victim)
    if way == "SIGKILL":
        return Strike(victim, way, 0.0, lambda: os.kill(pid, signal.SIGKILL), lambda: None)
    return Strike(victim, way, away, lambda: os.kill(pid, signal.SIGSTOP), lambda: os.kill(pid, signal.SIGCONT))


def _container(tool: Tool, victim: str, way: str, away: float) -> Strike:
    labels = [f"tradectl.home={tool.home}", f"tradectl.role={victim}"]
    container = docker.from_env().containers.list(all=True, filters={"label": labels})[0]
    if way == "kill container":
        return Strike(victim, way, away, container.kill, container.start)
    return Strike(victim, way, away, lambda: freeze(container), container.unpause)


def freeze(container: Container) -> None:
    """Pause it; a busy kernel is at times not done with that within runc's patience, and then nothing is paused."""
    for left in reversed(range(FREEZES)):
        try:
            return container.pause()
        except APIError as error:
            if not left or "unable to freeze" not in str(error):
                raise
    return None


def all_victims() -> tuple[str, ...]:
    """Every service, the outside world and the real parts."""
    return (*SERVICES, SIMULATORS, *CONTAINERS)
