"""The sandboxes that scenarios are run in: shared by those that want the same, started once, removed at the end."""

import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from tradectl.scenario.commands import tradectl
from tradectl.scenario.failures import Broke
from tradectl.scenario.load import Loaded
from tradectl.scenario.model.control import Fault
from tradectl.scenario.model.step import DISTURBED_LOOKS, DISTURBING
from tradectl.scenario.planned import Planned, walk
from tradectl.scenario.target import Target, here
from tradectl.stack.state import existing, sandbox

PREFIX = "scenario"
BUSY = {"notifications.mails_per_second": "2000", "bff.log_ins_per_minute": "100000"}
"""Everybody comes from one address here, and nobody wants to wait for his code behind others' mails."""


NO_FAULT = Fault(add="none")
NETWORK = "network."
"""Kinds that need `up --network-faults`."""


@dataclass(frozen=True)
class Ground:
    """What a sandbox must be like; ``own`` is empty where several scenarios may share it."""

    backend: str
    seed: int
    world: tuple[tuple[str, str], ...] = ()
    """Options of `tradectl up`: feed, at, at-end, speed."""
    settings: tuple[tuple[str, str], ...] = ()
    own: str = ""

    @property
    def special(self) -> bool:
        """Whether another sandbox than a usual, shared one is wanted."""
        return bool(self.own or self.world or self.settings)


def ground_of(loaded: Loaded, backend: str, seed: int | None, number: int) -> Ground:
    """What this run of the scenario wants; ``number`` tells runs apart."""
    scenario = loaded.scenario
    world = {"feed": loaded.feed, "at": scenario.at, "at-end": scenario.at_end, "speed": scenario.speed}
    if any((each.step.fault or NO_FAULT).add.startswith(NETWORK) for each in walk(loaded.steps)):
        world["network-faults"] = ""
    if scenario.held:
        world["paused"] = ""
    own = scenario.held or scenario.needs.own or any(map(alone, walk(loaded.steps)))
    return Ground(
        backend=backend,
        seed=next(each for each in (seed, scenario.seed, 1) if each is not None),
        world=tuple((name, str(value)) for name, value in world.items() if value is not None),
        settings=tuple(sorted(scenario.needs.settings.items())),
        own=f"{loaded.name}-{number}" if own else "",
    )


def alone(planned: Planned) -> bool:
    """Whether others in the same sandbox would disturb this step, or be disturbed by it."""
    looks = {name for condition in planned.step.conditions for name in condition.model_fields_set}
    return planned.step.action in DISTURBING or bool(looks & DISTURBED_LOOKS)


@dataclass
class Plot:
    """A ground's sandbox: up from the first user to the last; ``users`` are those still to come."""

    name: str
    users: int = 0
    target: Target | None = None
    broken: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)


class Grounds:
    """All of one run."""

    def __init__(self) -> None:
        self._plots: dict[Ground, Plot] = {}

    def expect(self, ground: Ground) -> None:
        """Somebody will come."""
        name = f"{PREFIX}-{os.getpid()}-{len(self._plots) + 1}"
        self._plots.setdefault(ground, Plot(name)).users += 1

    def enter(self, ground: Ground) -> Target:
        """The sandbox, up; Broke when it does not come up."""
        plot = self._plots[ground]
        with plot.lock:
            if plot.broken:
                raise Broke(plot.broken)
            if plot.target is None:
                try:
                    plot.target = start(plot.name, ground)
                except Broke as error:
                    plot.broken = str(error)
                    raise
        return plot.target

    def leave(self, ground: Ground) -> Target | None:
        """One user less; the target where that was the last one, to be looked at and given to `remove`."""
        plot = self._plots[ground]
        with plot.lock:
            plot.users -= 1
            return plot.target if plot.users == 0 else None

    def close(self) -> None:
        """Remove what is still there."""
        for plot in self._plots.values():
            if sandbox(plot.name).root.is_dir():
                with suppress(Broke):
                    tradectl("down", "--name", plot.name)


def start(name: str, ground: Ground) -> Target:
    """Bring it up."""
    options = [word for option, value in ground.world for word in (f"--{option}", value) if word]
    settings: Mapping[str, str] = {**BUSY, **dict(ground.settings)}
    words = ["--name", name, "--backend", ground.backend, "--seed", str(ground.seed), "--quiet"]
    tradectl("up", *words, *options, settings=settings)
    return here(sandbox(name))


def remove(target: Target) -> None:
    """Take it down, with what it kept; its snapshots too."""
    from tradectl.stack.snapshots.shelf import every
    from tradectl.stack.snapshots.shelf import remove as forget

    name = target.here.name
    tradectl("down", "--name", name)
    for snapshot in every(name):
        forget(name, snapshot.name)


def sweep() -> list[str]:
    """Remove sandboxes of runs that were killed."""
    left = [each.name for each in existing() if _orphaned(each.name)]
    for name in left:
        tradectl("down", "--name", name)
    return left


def _orphaned(name: str) -> bool:
    prefix, _, rest = name.partition("-")
    pid = rest.partition("-")[0]
    return prefix == PREFIX and pid.isdecimal() and not alive(int(pid))


def alive(pid: int) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
