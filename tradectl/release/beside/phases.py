"""Who is old when: each service beside itself, and each two of them both ways round.

Every service has a number, and in a phase those are old in whose number one bit is set; in another the others are. Two
numbers differ in some bit, so that each two services meet both with the first old and with the second old.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tradectl.stack.children import Instance


@dataclass(frozen=True)
class Phase:
    """``old`` are the instances that run the release before."""

    name: str
    old: frozenset[str]


COPIES = 2


def phases(services: Sequence[str]) -> list[Phase]:
    """All of them. From one to the next half of the services change."""
    bits = range((len(services) - 1).bit_length())
    halves = [frozenset(each for number, each in enumerate(services) if number >> bit & 1) for bit in bits]
    others = [frozenset(services) - half for half in halves]
    return [
        Phase("each beside itself", frozenset(Instance(each, COPIES).name for each in services)),
        *(Phase(f"old: {', '.join(sorted(half))}", _all(half)) for half in (*halves, *others)),
    ]


def _all(services: frozenset[str]) -> frozenset[str]:
    """Every copy of these."""
    return frozenset(Instance(each, number).name for each in services for number in range(1, COPIES + 1))
