"""The sockets of all children in the supervisor's hands: they listen for as long as their child should be there."""

import socket
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from tradectl.stack import ports


class Sockets:
    """Bound once; a connection to a child that is coming back waits, one to a child that was stopped is refused."""

    def __init__(self, names: Iterable[str], path: Path) -> None:
        self._bound = ports.bind(names, path)
        self._ports = {name: bound.getsockname()[1] for name, bound in self._bound.items()}
        self._withheld: set[str] = set()

    def withhold(self, names: Iterable[str]) -> None:
        """Refuse connections, but let nobody be given the port by chance; a process that asks for it may listen."""
        for name in set(names) - self._withheld:
            with suppress(OSError):  # for all who have a copy: a child that has just been forked has closed none yet
                self._bound[name].shutdown(socket.SHUT_RDWR)
            reserved = ports.reserve(name, self._ports[name])
            self._bound[name].close()
            self._bound[name] = reserved
            self._withheld.add(name)

    def listen(self, names: Iterable[str]) -> None:
        """Take connections again; TradectlError when another process listens there."""
        for name in self._withheld.intersection(names):
            ports.listen(name, self._bound[name])
            self._withheld.discard(name)

    def keep_only(self, names: Iterable[str]) -> Mapping[str, socket.socket]:
        """In a child: close what is not its own, so that no port outlives the process that it belongs to."""
        own = {name: self._bound[name] for name in names}
        for name, bound in self._bound.items():
            if name not in own:
                bound.close()
        return own
