"""What happened, step by step, with times."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tradectl.telemetry.acts import UNTOLD, Acts
from tradectl.trader.failures import Failed

Listener = Callable[["Step"], None]


@dataclass
class Step:
    """One row of the table; ``detail`` says what was seen, ``seconds`` how long it took."""

    name: str
    ok: bool = False
    detail: str = ""
    seconds: float = 0.0


@dataclass
class Journal:
    """All steps so far; ``listen`` hears of each as it ends, ``acts`` are told of it."""

    listen: Listener
    acts: Acts = UNTOLD
    steps: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Do one thing and time it; a Failed ends it as a failure and goes on to the caller."""
        step, began = Step(name), time.monotonic()
        try:
            with self.acts.act("step", name):
                yield step
            step.ok = True
        except Failed as error:
            step.detail = str(error)
            raise
        finally:
            step.seconds = time.monotonic() - began
            self.steps.append(step)
            self.listen(step)

    @property
    def ok(self) -> bool:
        return all(step.ok for step in self.steps)


def expect(truth: object, detail: str) -> None:
    """Failed with the detail unless it is true."""
    if not truth:
        raise Failed(detail)
