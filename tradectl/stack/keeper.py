"""``python -m tradectl.stack.keeper SANDBOX``: breaks a server for a while; the fault comes on stdin, as JSON.

The supervisor starts one for each fault, and again when it is killed; then it only mends what is over. It ends with its
fault, when that is cleared, and with its supervisor.
"""

import os
import signal
import sys
import time

import msgspec

from services.contracts.faults import Fault
from tradectl.stack import disturbed
from tradectl.stack.containers.disturbing import broken
from tradectl.stack.state import Sandbox, sandbox

LOOK = 0.05
"""Seconds between two looks whether it is over."""


def keep(place: Sandbox, fault: Fault, parent: int) -> None:
    """Break it, wait, mend it."""
    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: told.append(number))
    with broken(place, fault):
        while not told and os.getppid() == parent and any(each.id == fault.id for each in disturbed.read(place)):
            time.sleep(LOOK)


def main() -> None:
    """Until it is over; an interrupt is for whoever sits at the terminal."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep(sandbox(sys.argv[1]), msgspec.json.decode(sys.stdin.buffer.read(), type=Fault), os.getppid())


if __name__ == "__main__":
    main()
