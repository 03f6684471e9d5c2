"""A step with its place in a file, and the steps inside it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tradectl.scenario.model import Step
from tradectl.scenario.positions import Place


@dataclass(frozen=True)
class Planned:
    """Lines and columns count from one."""

    step: Step
    place: Place
    inner: Sequence["Planned"] = ()

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.place.file}:{self.place.line}"

    def walk(self) -> Iterator["Planned"]:
        """This one and all inside it."""
        yield self
        for each in self.inner:
            yield from each.walk()


def walk(steps: Sequence[Planned]) -> Iterator[Planned]:
    """All of them, outer ones first."""
    for each in steps:
        yield from each.walk()
