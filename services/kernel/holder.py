"""A name for this process that another one of the same machine can tell dead: who was killed need not be waited for."""

import os
import socket
from functools import cache
from pathlib import Path

from services.contracts.ids import new_id


def new_holder() -> str:
    """A name that is used once: machine, process, and a mark of its own."""
    return f"{_machine()}:{os.getpid()}:{_started(os.getpid()) or 0}:{new_id()}"


def is_dead(holder: str) -> bool:
    """Whether the holder's process is known to be gone; never, of one on another machine."""
    machine, pid, started, _ = holder.split(":")
    if machine != _machine() or not Path("/proc/self/stat").exists():
        return False
    return _started(int(pid)) != int(started)


@cache
def _machine() -> str:
    """The machine, or the container, in this life of it."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        boot = ""
    return f"{socket.gethostname()[:40]}.{boot[:8]}".replace(":", "-")


def _started(pid: int) -> int | None:
    """When a process started, in ticks of its machine; none when there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else int(fields[19])
