"""Ports for servers that are told a number: none that the system gives to a connection as its own end."""

import random
import socket
from contextlib import ExitStack

FROM, TO = 15_000, 32_000
"""Below what Linux takes for connections (ip_local_port_range)."""


def row(many: int = 1) -> int:
    """The first of so many in a row that are free."""
    while True:
        first = random.randrange(FROM, TO - many)
        with ExitStack() as held:
            try:
                for port in range(first, first + many):
                    held.enter_context(socket.create_server(("127.0.0.1", port)))
            except OSError:
                continue
            return first
