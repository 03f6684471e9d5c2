"""The start as a tree of what waited for what, made of the stream of progress."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tradectl.stack.events import StackEvent
from tradectl.stack.plan import LIBRARIES

MICROSECONDS = 1_000_000
PORTS, QUOTE = "ports", "first quote"


@dataclass
class Step:
    """One thing that was done: seconds from the beginning, and what it had waited for last."""

    name: str
    began: float
    ended: float
    after: str = ""
    until: tuple[str, ...] = ()
    """The conditions of readiness that were met last."""
    decisive: bool = False
    """Whether the whole start waited for it."""
    steps: list["Step"] = field(default_factory=list)


def explain(events: Sequence[StackEvent], began: int, what: str = "up") -> Step:
    """The root is the whole start, which ``began`` at a wall time in microseconds."""
    steps = {step.name: step for step in _steps(events, began)}
    root = Step(what, 0.0, max((step.ended for step in steps.values()), default=0.0), decisive=True)
    for step in sorted(steps.values(), key=lambda step: step.began):
        steps.get(step.after, root).steps.append(step)
    last = max(steps.values(), key=lambda step: step.ended, default=None)
    while last is not None and not last.decisive:
        last.decisive = True
        last = steps.get(last.after)
    return root


def _steps(events: Sequence[StackEvent], began: int) -> Iterator[Step]:
    """In the order in which they ended; each is put below that of its needs which ended last."""
    waited = {event.part: event.after for event in events if event.kind == "starting"}
    ended: dict[str, float] = {}
    for event in events:
        name = _name(event)
        if name is None or name in ended:
            continue
        end = (event.time - began) / MICROSECONDS
        ended[name] = end
        needs = event.after or waited.get(name, ()) or USUAL.get(name, ())
        begin = end - (event.seconds or 0.0)
        yield Step(name, begin, end, after=_last(needs, ended), until=event.until)


USUAL: Mapping[str, tuple[str, ...]] = {LIBRARIES: (PORTS,), QUOTE: ("market_data",)}
"""What steps wait for whose events do not say it."""


def _name(event: StackEvent) -> str | None:
    """What is done with this event; none when nothing is."""
    match event.kind:
        case "bound":
            return PORTS
        case "imported":
            return LIBRARIES
        case "ready":
            return event.part
        case "quote":
            return QUOTE
    return None


def _last(needs: Iterable[str], ended: Mapping[str, float]) -> str:
    """Of several needs the one that was ready last; one that let others start before it was ready itself is last."""
    return max(needs, key=lambda need: ended.get(need, math.inf), default="")


def lines(step: Step, depth: int = 0) -> Iterator[tuple[int, Step]]:
    """The tree from top to bottom, with depths."""
    yield depth, step
    for each in step.steps:
        yield from lines(each, depth + 1)
