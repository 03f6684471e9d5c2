"""A sandbox that is always the same, and remembers what was done to it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from services.contracts.faults import Fault
from tests.unit.tradectl.telemetry.told import TRACE, line
from tradectl.errors import TradectlError
from tradectl.overview.facts import Facts
from tradectl.overview.flow import Queue, Session
from tradectl.overview.resources import PROCESS, Resource
from tradectl.stack.control import Steered
from tradectl.stack.logs import Line
from tradectl.stack.state import Sandbox
from tradectl.telemetry.life import Life
from tradectl.telemetry.measures import Measure
from tradectl.telemetry.source import Heading, Span
from tradectl.telemetry.spans import heading_of, span_of

ORDER = "o1"
DOOR = {"orders.http": "http://h:1"}
PARTS = ("orders", "portfolio")
SPANS = [span_of(each) for each in TRACE]
FIX = {"session": "ORDERS", "number": 3, "text": "8=FIX.4.4|35=D|34=3|52=20240808-07:10:00.501|11=o1-1|"}
LETTER = {
    "service": "portfolio",
    "id": 7,
    "reason": "refused",
    "time": 1,
    "envelope": {"producer": "orders", "key": "o1", "seq": 4, "name": "order_filled"},
}


class Canned(Facts):
    """``done`` is what was asked to be changed."""

    def __init__(self) -> None:
        super().__init__(Sandbox("canned", Path("/nowhere/sandboxes/canned")))
        self.done: list[tuple[object, ...]] = []
        self.mode = "running"
        self.refuses: TradectlError | None = None

    @property
    def backend(self) -> str:
        return "embedded"

    def resources(self) -> list[Resource]:
        return [
            Resource("host", PROCESS, "running", "", 2, 12.4, 203.4, {}, "1.0", "host", PARTS, ("host",)),
            Resource("orders", "service", "degraded", "fix: lost", 2, 12.4, 203.4, DOOR, "1.0", "host"),
            Resource("chat", "service", "stopped", "", 0, None, None, {}, "1.0", "chat", (), ("chat",)),
        ]

    def steer(self, verb: str, name: str) -> Steered:
        self.done.append((verb, name))
        if self.refuses:
            raise self.refuses
        return Steered((name,), "running", {name: 7}, 0.1)

    def lines(self) -> Sequence[Line]:
        return [*TRACE, line("040.000", "venue", "feed_broken", level="error", file="a.csv")]

    def traces(self, most: int, order: str = "") -> list[Heading]:
        return [heading_of(SPANS)] if order in ("", ORDER) else []

    def spans(self, trace: str) -> list[Span]:
        return [span for span in SPANS if span.trace == trace]

    def measures(self, seconds: float) -> list[Measure]:
        return [Measure("orders", "order_fill_seconds p99", "s", {}, [(1, 0.01), (2, 0.05), (3, 0.02)])]

    def life(self, order: str) -> Life:
        if order != ORDER:
            raise TradectlError(f"nothing tells of an order {order}", "`tradectl traces` names orders")
        return Life(ORDER, SPANS, {"fix of broker": "not among its last"})

    def queues(self) -> list[Queue]:
        return [Queue("portfolio", "queued", 0), Queue("portfolio", "dead", 1)]

    def letters(self) -> list[dict[str, Any]]:
        return [LETTER]

    def replay(self, service: str, letter: int) -> int:
        self.done.append(("replay", service, letter))
        return 1

    def sessions(self) -> list[Session]:
        return [Session("orders", "BROKER", 8, 12, "ok"), Session("broker", "ORDERS", 12, 8, "")]

    def fix(self, side: str, most: int) -> list[Mapping[str, Any]]:
        return [FIX]

    def clock(self, change: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        if change:
            self.done.append(("clock", dict(change)))
            self.mode = str(change.get("mode", self.mode))
        return {"now": "2024-08-08T07:10:00Z", "mode": self.mode, "speed": 1.0, "until": None}

    def faults(self) -> list[Fault]:
        return [
            Fault(id="f1", kind="provider.latency", part="provider", parameters={"ms": 300.0}, seed=1, began=1, until=2)
        ]

    def begin_fault(self, kind: str, parameters: Mapping[str, object], seconds: float) -> list[Fault]:
        self.done.append(("begin", kind, dict(parameters), seconds))
        return self.faults()

    def end_fault(self, id: str) -> list[Fault]:
        self.done.append(("end", id))
        return self.faults()
