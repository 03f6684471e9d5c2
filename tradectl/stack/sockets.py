"""The sockets of all children in the supervisor's hands: they listen for as long as their child should be there."""

import socket
from collections.abc import Iterable, Mapping
from pathlib import Path

from tradectl.stack import ports


class Sockets:
    """Bound once; a connection to a child that is coming back waits, one to a child that was stopped is refused."""

    def __init__(self, names: Iterable[str], path: Path) -> None:
        self._bound = ports.bind(names, path)
        self._withheld: set[str] = set()

    def withhold(self, names: Iterable[str]) -> None:
        """Refuse connections, but let nobody be given the port by chance; a process that asks for it may listen."""
        for name in set(names) - self._withheld:
            port = self._bound[name].getsockname()[1]
            self._bound[name].close()
            self._bound[name] = ports.reserve(name, port)
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
