"""The sandboxes that scenarios are run in: shared by those that want the same, started once, removed at the end.

Who disturbs others has one for himself; another who disturbs takes it over from him. One that is done with begins anew
for the next who wants one: that takes half of the time of a start.
"""

import os
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from services.contracts.faults import KINDS
from sim.network.manifest import SERVERS
from tradectl.scenario.commands import tradectl
from tradectl.scenario.failures import Broke
from tradectl.scenario.load import Loaded
from tradectl.scenario.model.control import Fault
from tradectl.scenario.model.step import CHANGING, DISTURBED_LOOKS, DISTURBING
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
    alone: bool = False
    """Nobody else is in it meanwhile; before and after, others may be."""

    @property
    def kind(self) -> tuple[str, bool]:
        """What a sandbox is for good; all else can begin anew."""
        return self.backend, "network-faults" in dict(self.world)

    @property
    def special(self) -> bool:
        """Whether another sandbox than a usual, shared one is wanted."""
        return bool(self.own or self.alone or self.world or self.settings)


def ground_of(loaded: Loaded, backend: str, seed: int | None, number: int) -> Ground:
    """What this run of the scenario wants; ``number`` tells runs apart."""
    scenario = loaded.scenario
    world = {"feed": loaded.feed, "at": scenario.at, "at-end": scenario.at_end, "speed": scenario.speed}
    if any((each.step.fault or NO_FAULT).add.startswith(NETWORK) for each in walk(loaded.steps)):
        world["network-faults"] = ""
    if scenario.held:
        world["paused"] = ""
    own = scenario.held or scenario.needs.own or any(map(changes, walk(loaded.steps)))
    return Ground(
        backend=backend,
        seed=next(each for each in (seed, scenario.seed, 1) if each is not None),
        world=tuple((name, str(value)) for name, value in world.items() if value is not None),
        settings=tuple(sorted(scenario.needs.settings.items())),
        own=f"{loaded.name}-{number}" if own else "",
        alone=not own and any(map(disturbs, walk(loaded.steps))),
    )


def backends_of(loaded: Loaded) -> Sequence[str] | None:
    """Where it can be run, as it says or as its faults need; None: everywhere."""
    if loaded.scenario.needs.backend is not None:
        return loaded.scenario.needs.backend
    able = [found for each in walk(loaded.steps) if (found := who_can(each.step.fault or NO_FAULT))]
    return [backend for backend in able[0] if all(backend in each for each in able)] if able else None


def who_can(fault: Fault) -> tuple[str, ...]:
    """The backends on which it can be done, by the table of faults; none: all of them."""
    between = {each.strip() for each in str(fault.with_.get("between", "")).split(",")}
    if between & SERVERS.keys():  # the other backends have no network to a server
        return ("containers",)
    return KINDS[fault.add].backends if fault.add in KINDS else ()


def changes(planned: Planned) -> bool:
    """Whether this step leaves a sandbox that nobody else can use, or wants one that nobody has used."""
    clock = planned.step.clock
    looks = {name for condition in planned.step.conditions for name in condition.model_fields_set}
    goes_on = clock is not None and (clock.step is not None or clock.seek is not None)
    return planned.step.action in CHANGING or goes_on or bool(looks & DISTURBED_LOOKS)


def disturbs(planned: Planned) -> bool:
    """Whether others in the same sandbox would notice this step."""
    wait = planned.step.wait
    return planned.step.action in DISTURBING or (wait is not None and wait.pause is not None)


@dataclass
class Plot:
    """One sandbox, up from the first who enters to the last who leaves; ``users`` are those still to leave."""

    name: str
    users: int = 0
    target: Target | None = None
    broken: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def up(self, ground: Ground, make: Callable[[str, Ground], Target]) -> Target:
        """The sandbox, made for the first who wants it; Broke when it does not come up."""
        with self.lock:
            if self.broken:
                raise Broke(self.broken)
            if self.target is None:
                try:
                    self.target = make(self.name, ground)
                except Broke as error:
                    self.broken = str(error)
                    raise
        return self.target


class Grounds:
    """All of one run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plots: list[Plot] = []
        self._shared: dict[Ground, Plot] = {}
        self._coming: Counter[Ground] = Counter()
        """Those who will want a sandbox alone."""
        self._free: defaultdict[Ground, list[Plot]] = defaultdict(list)
        """Sandboxes that were left as they were entered."""
        self._due: Counter[tuple[str, bool]] = Counter()
        """Starts that are still to come, by kind; those of who will be alone are not known before."""
        self._used: defaultdict[tuple[str, bool], list[Target]] = defaultdict(list)
        """Sandboxes whose users have all left."""

    def expect(self, ground: Ground) -> None:
        """Somebody will come."""
        if ground.alone:
            self._coming[ground] += 1
            return
        if ground not in self._shared:
            self._shared[ground] = self._another()
            self._due[ground.kind] += 1
        self._shared[ground].users += 1

    def enter(self, ground: Ground) -> Plot:
        """Where this run takes place."""
        if not ground.alone:
            return self._shared[ground]
        with self._lock:
            self._coming[ground] -= 1
            return self._free[ground].pop() if self._free[ground] else self._another(users=1)

    def up(self, plot: Plot, ground: Ground) -> Target:
        """The sandbox of a plot that was entered; Broke when it does not come up."""
        return plot.up(ground, self._make)

    def _make(self, name: str, ground: Ground) -> Target:
        with self._lock:
            self._due[ground.kind] -= not ground.alone
            used = self._used[ground.kind].pop() if self._used[ground.kind] else None
        return renew(used, ground) if used else start(name, ground)

    def pass_on(self, target: Target, ground: Ground) -> bool:
        """Keep it for one who is still to come, where there is one."""
        with self._lock:
            wanted = self._due[ground.kind] > len(self._used[ground.kind])
            if wanted:
                self._used[ground.kind].append(target)
        return wanted

    def leave(self, ground: Ground, plot: Plot, *, unspoilt: bool) -> Target | None:
        """One user less; the target where nobody comes any more, to be looked at and given to `remove`."""
        with self._lock:
            if ground.alone and unspoilt and len(self._free[ground]) < self._coming[ground]:
                self._free[ground].append(plot)
                return None
            plot.users -= 1
            return plot.target if plot.users == 0 else None

    def close(self) -> None:
        """Remove what is still there."""
        for plot in self._plots:
            if sandbox(plot.name).root.is_dir():
                with suppress(Broke):
                    tradectl("down", "--name", plot.name)

    def _another(self, users: int = 0) -> Plot:
        self._plots.append(Plot(f"{PREFIX}-{os.getpid()}-{len(self._plots) + 1}", users))
        return self._plots[-1]


def start(name: str, ground: Ground) -> Target:
    """Bring it up."""
    tradectl("up", "--name", name, "--backend", ground.backend, "--quiet", *said(ground))
    return here(sandbox(name))


def renew(target: Target, ground: Ground) -> Target:
    """Another world in the place of one that nobody uses any more."""
    name = target.here.name
    tidy(target, ground)
    forget_snapshots(name)
    if ground.backend == "compose":  # whose databases nobody but services can empty
        tradectl("down", "--name", name)
        return start(name, ground)
    world = [word for word in said(ground) if word != "--network-faults"]
    tradectl("reset", "--name", name, "--yes", "--quiet", *world)
    return here(sandbox(name))


def said(ground: Ground) -> list[str]:
    """A world as options of `up` and `reset`."""
    settings = {**BUSY, **dict(ground.settings)}
    limits = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    world = [word for option, value in ground.world for word in (f"--{option}", value) if word]
    return ["--seed", str(ground.seed), *limits, *world]


def tidy(target: Target, ground: Ground) -> None:
    """As who comes next wants it: nothing broken, market time on its way."""
    from tradectl.fault import run as faults

    faults.clear(target.here)
    target.clock({"mode": "running", "speed": float(dict(ground.world).get("speed", 1))})


def remove(target: Target) -> None:
    """Take it down, with what it kept; its snapshots too."""
    name = target.here.name
    tradectl("down", "--name", name)
    forget_snapshots(name)


def forget_snapshots(name: str) -> None:
    """Those of a sandbox."""
    from tradectl.stack.snapshots.shelf import every
    from tradectl.stack.snapshots.shelf import remove as forget

    for snapshot in every(name):
        forget(name, snapshot.name)


def sweep() -> list[str]:
    """Remove sandboxes of runs that were killed; of those that would not go, why."""
    left: list[str] = []
    for name in [each.name for each in existing() if _orphaned(each.name)]:
        try:
            tradectl("down", "--name", name)
        except Broke as error:
            left.append(str(error))
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
