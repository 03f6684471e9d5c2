"""Ports of this machine for the servers: chosen once, remembered beside those of the parts, taken again."""

import socket
from collections.abc import Mapping
from pathlib import Path

from tradectl.stack.containers.owner import Role
from tradectl.stack.ports import LOOPBACK, remembered
from tradectl.stack.state import Sandbox, write_json

FILE = "server-ports.json"
INSIDE: Mapping[Role, Mapping[str, int]] = {
    "primary": {"mysql": 3306},
    "replica": {"mysql": 3306},
    "rabbitmq": {"amqp": 5672, "management": 15672},
    "redis": {"redis": 6379},
}
"""The ports of each server by name, as they are in its container."""
NAMES: Mapping[str, tuple[Role, int]] = {
    f"{role}.{name}": (role, inside) for role, ports in INSIDE.items() for name, inside in ports.items()
}


def path(sandbox: Sandbox) -> Path:
    return sandbox.root / FILE


def given(sandbox: Sandbox) -> dict[str, int]:
    """The port of each server's port by ``role.name``; free ones where none was chosen before."""
    known = remembered(path(sandbox))
    absent = [name for name in NAMES if name not in known]
    if absent:
        known |= dict(zip(absent, free(len(absent)), strict=True))
        write_json(path(sandbox), known)
    return known


def free(count: int) -> list[int]:
    """So many ports that nobody has now. Until a container takes one, somebody may."""
    bound = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(count)]
    try:
        for each in bound:
            each.bind((LOOPBACK, 0))
        return [int(each.getsockname()[1]) for each in bound]
    finally:
        for each in bound:
            each.close()


def forget(sandbox: Sandbox) -> None:
    """The next start chooses anew."""
    path(sandbox).unlink(missing_ok=True)
