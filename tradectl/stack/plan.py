"""What must be done to come from what is to what should be: pure, and printable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tradectl.stack.topology import Topology

PartState = Literal["absent", "starting", "ready", "degraded"]
SUPERVISOR = "supervisor"
LIBRARIES = "libraries"
"""What the supervisor imports for all its children."""
INFRASTRUCTURE = "infrastructure"
"""The servers that services use, where they are not in the process."""


@dataclass(frozen=True)
class Observed:
    """What is: whether a supervisor runs, whether all servers do (None where there are none), each part's state."""

    supervisor: bool = False
    infrastructure: bool | None = None
    parts: Mapping[str, PartState] = field(default_factory=dict)

    def state(self, name: str) -> PartState:
        """A part without a supervisor over it is absent, whatever a file still says."""
        return self.parts.get(name, "absent") if self.supervisor else "absent"


NOTHING = Observed()


@dataclass(frozen=True)
class Step:
    """One thing to do, once what it comes after is done."""

    action: Literal["start", "await"]
    subject: str
    after: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.action} {self.subject}" + (f" after {', '.join(self.after)}" if self.after else "")


@dataclass(frozen=True)
class Plan:
    """Steps in an order in which they could be done one by one."""

    steps: tuple[Step, ...]

    def __str__(self) -> str:
        return "\n".join(map(str, self.steps)) or "nothing to do"

    def __bool__(self) -> bool:
        return bool(self.steps)


def plan(topology: Topology, observed: Observed) -> Plan:
    """Start what is absent in the order of needs, wait for what is on its way."""
    steps = [] if observed.supervisor else [Step("start", SUPERVISOR)]
    if observed.infrastructure is False:
        steps.append(Step("start", INFRASTRUCTURE))
    for name in topology.start_order():
        match observed.state(name):
            case "absent":
                steps.append(Step("start", name, _after(topology, observed, name)))
            case "starting" | "degraded":
                steps.append(Step("await", name))
            case "ready":
                pass
    return Plan(tuple(steps))


def _after(topology: Topology, observed: Observed, name: str) -> tuple[str, ...]:
    missing = tuple(need for need in topology[name].needs if observed.state(need) != "ready")
    if observed.infrastructure is False and topology[name].kind == "service":
        missing = (INFRASTRUCTURE, *missing)
    return missing if missing or observed.supervisor else (SUPERVISOR,)
