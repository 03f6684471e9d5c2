"""Breaks a part of the test's own process."""

from services.contracts.faults import Wish
from services.runtime import faults
from services.runtime.faults import Active


def broken(part: str, kind: str, *, seconds: float = 60.0, seed: int = 1, **parameters: float | str) -> Active:
    """A fault that has begun."""
    faults.of(part).add(Wish(kind=kind, seconds=seconds, seed=seed, parameters=parameters))
    return faults.of(part).active[-1]


def mend(part: str) -> None:
    """End every fault of a part."""
    faults.of(part).clear()
