"""The addresses of each network."""

from collections.abc import Iterable
from typing import Any

from tradectl.stack.composed.subnets import DEFAULT, VARIABLE

PREFIX = f"${{{VARIABLE}:-{DEFAULT}}}"
"""As Compose reads it."""
WIDTH, BITS = 64, 26
"""A copy of each service, and who watches it, are in the network of the simulated world."""


def subnets(names: Iterable[str], prefix: str = PREFIX, third: int = 0) -> dict[str, dict[str, Any]]:
    """The ``ipam`` of each network by name; ``prefix`` are two numbers of an address, ``third`` is where they begin."""
    row = 256 // WIDTH
    return {
        name: {"config": [{"subnet": f"{prefix}.{third + place // row}.{place % row * WIDTH}/{BITS}"}]}
        for place, name in enumerate(sorted(names))
    }
