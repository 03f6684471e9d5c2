"""How much longer than usual this process waits for others: a part that a debugger holds is slow and not gone.

Time-outs of calls, heartbeats and leases are passed through here when they are used. TRADECTL_PATIENCE=1000 in the
environment makes them a thousand times as long from the start.
"""

import os

ENVIRONMENT = "TRADECTL_PATIENCE"
DEBUGGING = 1_000.0
"""Two seconds become half an hour."""

_usual = float(os.environ.get(ENVIRONMENT) or 1)
_factor = _usual


def stretch(factor: float = DEBUGGING) -> None:
    """Wait so many times as long from now on."""
    global _factor  # noqa: PLW0603 (one process, one patience)
    _factor = factor


def relax() -> None:
    """Wait as long as usual again."""
    stretch(_usual)


def stretched(seconds: float) -> float:
    """As long as that is now."""
    return seconds * _factor
