"""What was done for all clients together, counted."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """Messages put into queues, those that took another's place, frames and characters sent, channels given up."""

    messages: int = 0
    conflated: int = 0
    frames: int = 0
    characters: int = 0
    given_up: int = 0
    closed: Counter[int] = field(default_factory=Counter)
    """Connections that the BFF ended, by code."""
