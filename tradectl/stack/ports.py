"""The sockets of a sandbox: bound once, on loopback, and remembered."""

import errno
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.state import read_json, write_json

T = TypeVar("T")
LOOPBACK = "127.0.0.1"
BACKLOG = 2048
PASSING = 3.0
"""Seconds that another's connection may keep a remembered port."""
LISTENING = "0A"
"""TCP_LISTEN in /proc/net/tcp."""


def remembered(path: Path) -> dict[str, int]:
    """The ports of the last start by `part.port`."""
    return {name: int(port) for name, port in read_json(path).items()} if path.exists() else {}


def bind(names: Iterable[str], path: Path) -> dict[str, socket.socket]:
    """A bound socket for each `part.port`: the remembered one, else any. All or none; what was given is remembered."""
    known = remembered(path)
    sockets: dict[str, socket.socket] = {}
    try:
        # The remembered ones first: the system might give one of them away as a free one.
        for name in sorted(names, key=lambda name: name not in known):
            sockets[name] = take(name, known.get(name, 0))
    except TradectlError:
        for bound in sockets.values():
            bound.close()
        raise
    given = {name: sockets[name].getsockname()[1] for name in sockets}
    if given.items() - known.items():
        write_json(path, known | given)
    return sockets


def take(name: str, port: int) -> socket.socket:
    """A port that listens; one that a passing connection was given as its own end is waited for."""
    return _patiently(name, port, lambda: _listening(port))


def reserve(name: str, port: int) -> socket.socket:
    """A port that is ours and does not listen: connections are refused, and whoever asks for it by number gets it."""
    return _patiently(name, port, lambda: _bound(port))


def listen(name: str, reserved: socket.socket) -> None:
    """Take connections on a reserved port."""
    _patiently(name, reserved.getsockname()[1], lambda: reserved.listen(BACKLOG))


def _patiently(name: str, port: int, attempt: Callable[[], T]) -> T:
    """A port that a passing connection was given as its own end is ours as soon as that ends; a listener stays."""
    deadline = time.monotonic() + PASSING
    while True:
        try:
            return attempt()
        except OSError as error:
            if error.errno != errno.EADDRINUSE or answers(port) or time.monotonic() > deadline:
                raise _taken(name, port, error) from error
            time.sleep(0.02)


def _bound(port: int) -> socket.socket:
    # With its protocol named: asyncio switches Nagle's algorithm off only then, and each answer would wait 40 ms.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((LOOPBACK, port))
    except OSError:
        bound.close()
        raise
    bound.setblocking(False)
    return bound


def _listening(port: int) -> socket.socket:
    """With SO_REUSEADDR two sockets may be bound to one port until one listens: so it listens from now on."""
    bound = _bound(port)
    try:
        bound.listen(BACKLOG)
    except OSError:
        bound.close()
        raise
    return bound


def _taken(name: str, port: int, error: OSError) -> TradectlError:
    if error.errno != errno.EADDRINUSE:
        hint = "the sandbox needs the loopback interface; `tradectl doctor` looks at it"
        return TradectlError(f"no socket on {LOOPBACK} for {name}: {error.strerror}", hint, ExitCode.START_FAILED)
    who = holder(port)
    return TradectlError(
        f"port {port} of {name} is taken" + (f" by {who}" if who else " by another process"),
        "end that process, or let the sandbox choose anew: tradectl up --new-ports",
        ExitCode.PORT_TAKEN,
    )


def taken(ports: Mapping[str, int]) -> dict[str, int]:
    """Those ports on which somebody answers."""
    return {name: port for name, port in ports.items() if answers(port)}


def answers(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((LOOPBACK, port)) == 0


def holder(port: int) -> str | None:
    """`name (pid)` of the process that listens there, where the system lets us see it (Linux, same user)."""
    inode = _listening_inode(port)
    if inode is None:
        return None
    for process in Path("/proc").glob("[0-9]*"):
        if _holds(process, f"socket:[{inode}]"):
            command = (process / "comm").read_text(encoding="utf-8").strip()
            return f"{command} (pid {process.name})"
    return None


def _listening_inode(port: int) -> str | None:
    table = Path("/proc/net/tcp")
    if not table.exists():
        return None
    for line in table.read_text(encoding="ascii").splitlines()[1:]:
        fields = line.split()
        if fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
            return fields[9]
    return None


def _holds(process: Path, link: str) -> bool:
    try:
        return any(str(file.readlink()) == link for file in (process / "fd").iterdir())
    except OSError:  # another user's, or it ended meanwhile
        return False


def endpoint(part_port: str, port: int) -> str:
    """The URL of a socket: `http` for the port of that name, else plain TCP."""
    scheme = "http" if part_port.endswith(".http") else "tcp"
    return f"{scheme}://{LOOPBACK}:{port}"


def endpoints(path: Path) -> dict[str, str]:
    """The URL of every port that the sandbox has."""
    return {name: endpoint(name, port) for name, port in remembered(path).items()} if path.exists() else {}
