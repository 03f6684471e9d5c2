"""What would keep the platform from starting, and its mend. A check takes what it looks at: a test makes it fail."""

import sys
import time
from collections.abc import Callable

from tradectl.doctor import machine, servers
from tradectl.doctor.check import Check
from tradectl.stack import leftovers
from tradectl.stack.state import existing, home

__all__ = ["CHECKS", "Check", "examine"]

CHECKS: tuple[Callable[[], Check], ...] = (
    lambda: machine.python(sys.version_info[:3]),
    lambda: machine.versions(machine.required()),
    machine.loopback,
    lambda: machine.ports(existing()),
    lambda: machine.state_directory(home()),
    lambda: machine.disk(home()),
    lambda: machine.memory(machine.available_memory()),
    lambda: machine.stale(existing()),
    lambda: machine.hosts(existing()),
    lambda: machine.wall_clock(time.time()),
    machine.package,
    lambda: machine.recording(machine.feed_data()),
)


def examine() -> list[Check]:
    """Every check, in the order in which a start would meet it; those of containers in the end."""
    own = [check() for check in CHECKS]
    return [*own, *servers.examine(existing(), machine.available_memory()), servers.left(leftovers.find(), home())]
