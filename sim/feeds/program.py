"""A recording, and what follows it: the same once more, a halt, or agents at its last price."""

from collections.abc import Callable
from typing import Any, Literal, Self

from services.contracts.clock import SECOND
from sim.feeds.agents.crowd import Crowd
from sim.feeds.floor import Floor
from sim.feeds.recorded import Recording
from sim.feeds.table import Table

AtEnd = Literal["loop", "halt", "agents"]
PAUSE = SECOND
"""Between a recording's last line and what follows it."""
MakeCrowd = Callable[[int, int], Crowd]
"""From the last price and the moment of the handover."""


class Program:
    """Every change from one to the other is left as a mark."""

    def __init__(self, recording: Recording | Table, at_end: AtEnd, crowd: MakeCrowd) -> None:
        self.recording = recording
        self.at_end = at_end
        self.make_crowd = crowd
        self.crowd: Crowd | None = None
        self.halted = False

    @property
    def kind(self) -> str:
        return "halted" if self.halted else self.crowd.kind if self.crowd else self.recording.kind

    @property
    def recorded(self) -> bool:
        """Whether the recording still plays."""
        return self.crowd is None and not self.halted

    def due(self) -> int | None:
        if self.halted:
            return None
        return self.crowd.due() if self.crowd else self.recording.due()

    def play(self, floor: Floor, until: int) -> None:
        while self.recorded:
            self.recording.play(floor, until)
            if self.recording.due() is not None:
                return
            self.follow(floor)
        if self.crowd is not None:
            self.crowd.play(floor, until)

    def follow(self, floor: Floor) -> None:
        """The recording is over."""
        floor.mark(f"end of {self.recording.path.name} after line {self.recording.line}: {self.at_end}")
        if self.at_end == "loop" and self.recording.line:
            floor.withdraw_feed()
            self.recording.rewind(floor.time + PAUSE)
        elif self.at_end == "agents" and floor.last is not None:
            floor.withdraw_feed()
            self.crowd = self.make_crowd(floor.last, floor.time + 1)
        else:
            self.halted = True
            floor.halt()

    def skip(self, moment: int) -> None:
        (self.crowd or self.recording).skip(moment)

    def withdrawn(self) -> None:
        """Agents quote anew; a recording goes on by itself, level by level."""
        if self.crowd is not None:
            self.crowd.withdrawn()

    def save(self) -> dict[str, Any]:
        return {
            "recording": self.recording.save(),
            "crowd": self.crowd.save() if self.crowd else None,
            "halted": self.halted,
        }

    def load(self, state: dict[str, Any], floor: Floor, /) -> Self:
        self.halted = state["halted"]
        if state["crowd"] is not None:
            self.crowd = self.make_crowd(1, 0).load(state["crowd"], floor)
        self.recording.load(state["recording"], floor)
        return self

    def facts(self) -> dict[str, Any]:
        return {**self.recording.facts(), **(self.crowd.facts() if self.crowd else {}), "kind": self.kind}
