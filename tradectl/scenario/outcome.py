"""What became of a scenario."""

from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["held", "failed", "broke", "skipped"]


@dataclass
class StepResult:
    """One step that was begun; ``depth`` is how deep it lies in others."""

    where: str
    title: str
    depth: int
    ok: bool = False
    seconds: float = 0.0
    detail: str = ""


@dataclass(frozen=True)
class Failure:
    """The step that failed, what it wanted and what was there."""

    where: str
    step: str
    said: str
    checks: list[dict[str, Any]] = field(default_factory=list)
    """``what``, ``expected``, ``found`` of each check that did not hold."""
    timeline: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    bundle: str = ""
    """The folder that replays it."""


@dataclass
class Outcome:
    """One run of one scenario."""

    name: str
    file: str
    intent: str
    tags: list[str]
    round: int
    seed: int
    backend: str
    status: Status = "held"
    seconds: float = 0.0
    steps: list[StepResult] = field(default_factory=list)
    failure: Failure | None = None
    why: str = ""
    """Why it broke or was skipped."""
    sandbox: str = ""
    digest: str = ""
    """Of a held run: what was traded and what came of it."""
