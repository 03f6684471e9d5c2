"""Sockets of the servers on this machine, in the place of ports: the engine's proxy takes longer than a query.

Only where containers run on this machine's own kernel, and only when the socket answers; the port is always there.
"""

import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tradectl.stack.containers.owner import Role
from tradectl.stack.state import Sandbox

if TYPE_CHECKING:
    from docker import DockerClient

INSIDE = "/run/tradectl"
"""Where a server lays its socket, whether or not this machine sees that folder."""
MYSQL, REDIS = "mysql.sock", "redis.sock"
NAMES: Mapping[Role, str] = {"primary": MYSQL, "replica": MYSQL, "redis": REDIS}
LONGEST = 107
"""Bytes of a socket's path (sockaddr_un)."""
KNOCK = 1.0
"""Seconds."""


def folders(client: "DockerClient", sandbox: Sandbox) -> dict[Role, Path]:
    """A folder for each server, in which it may write whoever it is there; none where they are of no use."""
    found = {role: sandbox.root / "run" / role for role in NAMES}
    if not shares_kernel(client) or any(len(bytes(found[role] / NAMES[role])) > LONGEST for role in found):
        return {}
    for path in found.values():
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o777)  # the sandbox's own folder lets nobody else in
    return found


def shares_kernel(client: "DockerClient") -> bool:
    """Whether containers run on this machine itself, and not in a virtual one."""
    if sys.platform != "linux" or client.api.base_url != "http+docker://localhost":
        return False
    return "Desktop" not in str(client.api.version().get("Platform", {}).get("Name", ""))


def answering(folders: Mapping[Role, Path]) -> dict[Role, Path]:
    """The sockets at which somebody listens."""
    paths = {role: folder / NAMES[role] for role, folder in folders.items()}
    return {role: path for role, path in paths.items() if answers(path)}


def answers(path: Path) -> bool:
    """Whether a connection is taken."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(KNOCK)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True
