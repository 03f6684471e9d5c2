"""The faults that a part suffers now: each ends by itself at its deadline, and with the process.

Who is to be disturbed asks ``find``; while nothing is broken that costs a look at an empty tuple.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping
from random import Random

import msgspec

from services.contracts.faults import KINDS, LONGEST, Fault, UnfitError, Wish
from services.contracts.faults.fault import Value
from services.runtime.clock import wall
from services.runtime.log import logger

PAGE = "/internal/faults"
ENVIRONMENT = "TRADECTL_FAULTS"
"""A JSON list of wishes with which a process begins: a release that is bad on purpose, say."""
MICROSECONDS = 1_000_000
Change = Callable[["Active"], None]


class Active:
    """A fault under way, with the stream of chance that is its own."""

    def __init__(self, fault: Fault, seconds: float) -> None:
        self.fault = fault
        self.deadline = time.monotonic() + seconds
        self.chance = Random(f"{fault.seed} {fault.kind}")
        self.alarm: asyncio.TimerHandle | None = None

    @property
    def left(self) -> float:
        """Seconds until it ends."""
        return self.deadline - time.monotonic()

    def number(self, name: str) -> float:
        """A parameter."""
        return float(self.fault.parameters[name])

    def text(self, name: str) -> str:
        """A parameter."""
        return str(self.fault.parameters[name])

    @property
    def seconds(self) -> float:
        """The parameter ``ms``, as timers take it."""
        return self.number("ms") / 1_000

    def repeat(self, seconds: float, action: "Change") -> None:
        """Do something now and every so many seconds until it is over."""
        if self.left > 0:
            action(self)
            asyncio.get_running_loop().call_later(seconds, self.repeat, seconds, action)

    def strikes(self) -> bool:
        """Whether it happens this time, by its ``percent``."""
        return self.chance.random() * 100 < self.number("percent")


class Faults:
    """Those of one part of this process."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.active: tuple[Active, ...] = ()
        self._begin: dict[str, Change] = {}
        self._end: dict[str, Change] = {}

    def on(self, kind: str, begin: Change | None = None, end: Change | None = None) -> None:
        """Have a function called when a fault of this kind begins, or has ended."""
        if begin:
            self._begin[kind] = begin
        if end:
            self._end[kind] = end

    def find(self, kind: str, **wanted: Value) -> Active | None:
        """The latest fault of a kind, with these parameters."""
        for each in reversed(self.active):
            if each.fault.kind == kind and each.left > 0:
                told = each.fault.parameters
                if all(told.get(name) == value for name, value in wanted.items()):
                    return each
        return None

    def add(self, wish: Wish) -> Fault:
        """Begin one; UnfitError when it is none of this part's, or its terms do not fit."""
        kind = KINDS.get(wish.kind)
        if kind is None or kind.home != "part":
            raise UnfitError(f"{self.part} knows no fault {wish.kind}")
        if not 0 < wish.seconds <= LONGEST:
            raise UnfitError(f"a fault lasts up to {LONGEST:g} s, not {wish.seconds:g}")
        now = wall()
        fault = Fault(
            id=secrets.token_hex(4),
            kind=wish.kind,
            part=self.part,
            parameters=kind.fitting(wish.parameters),
            seed=wish.seed,
            began=now,
            until=now + round(wish.seconds * MICROSECONDS),
        )
        self._begun(Active(fault, wish.seconds))
        return fault

    def _begun(self, active: Active) -> None:
        begin = self._begin.get(active.fault.kind)
        if begin:
            begin(active)
        self.active = (*self.active, active)
        active.alarm = asyncio.get_running_loop().call_later(max(active.left, 0.0), self._over, active)
        logger(self.part).warning(
            "a fault begins", fault=active.fault.kind, id=active.fault.id, seconds=round(active.left, 3)
        )

    def _over(self, active: Active) -> None:
        if active not in self.active:
            return
        self.active = tuple(each for each in self.active if each is not active)
        active.deadline = 0.0
        if active.alarm is not None:
            active.alarm.cancel()
        logger(self.part).warning("a fault is over", fault=active.fault.kind, id=active.fault.id)
        end = self._end.get(active.fault.kind)
        if end:
            end(active)

    def clear(self, id: str | None = None) -> list[Fault]:
        """End one, or all; those that have ended by this."""
        chosen = [each for each in self.active if id in {None, each.fault.id}]
        for each in chosen:
            self._over(each)
        return [each.fault for each in chosen]


_known: dict[str, Faults] = {}


def of(part: str) -> Faults:
    """The faults of a part of this process."""
    return _known.setdefault(part, Faults(part))


def begin(part: str, environment: Mapping[str, str]) -> None:
    """What the environment wishes for a part that is about to serve, and for no other service."""
    for wish in msgspec.json.decode(environment.get(ENVIRONMENT, "[]"), type=list[Wish]):
        if wish.parameters.get("service", part) == part:
            of(part).add(wish)


def forget() -> None:
    """Forget every part without a word to it: between two tests of one process."""
    for active in [active for each in _known.values() for active in each.active]:
        active.deadline = 0.0
        if active.alarm is not None:
            active.alarm.cancel()
    _known.clear()


def answered(faults: Faults, method: str, id: str | None, body: bytes) -> tuple[int, object]:
    """The page /internal/faults: GET lists, POST begins what the body wishes, DELETE ends one or all."""
    if method == "GET":
        return 200, {"items": [each.fault for each in faults.active]}
    if method == "DELETE":
        return 200, {"items": faults.clear(id)}
    if method != "POST":
        return 405, {"detail": "GET, POST or DELETE"}
    try:
        return 201, faults.add(msgspec.json.decode(body, type=Wish))
    except (msgspec.DecodeError, UnfitError) as error:
        return 422, {"detail": str(error)}
