"""A random stream whose whole state is one integer, so that a checkpoint can hold hundreds (SplitMix64)."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
MASK = (1 << 64) - 1


class Stream:
    """Named from the run's seed, the symbol and the agent."""

    __slots__ = ("state",)

    def __init__(self, name: str) -> None:
        self.state = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")

    def bits(self) -> int:
        """Sixty-four of them."""
        self.state = mixed = (self.state + 0x9E3779B97F4A7C15) & MASK
        mixed = ((mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & MASK
        return mixed ^ mixed >> 31

    def below(self, limit: int) -> int:
        """0 <= result < limit."""
        return self.bits() * limit >> 64

    def once_in(self, times: int) -> bool:
        return self.bits() * times >> 64 == 0

    def pick(self, choices: Sequence[T]) -> T:
        return choices[self.below(len(choices))]
