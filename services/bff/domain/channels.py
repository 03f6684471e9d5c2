"""The WebSocket's channels by name: ``quotes:AAPL``, ``candles:AAPL:1m``, ``orders``, ``chat:TOPIC``."""

import re
from typing import NamedTuple

from services.contracts.errors import DomainError

MARKET = frozenset({"quotes", "book", "trades", "candles"})
PRIVATE = frozenset({"orders", "portfolio", "notifications"})
NAME = re.compile(
    r"(?P<kind>quotes|book|trades):(?P<symbol>[A-Za-z0-9._-]{1,32})"
    r"|(?P<candles>candles):(?P<of>[A-Za-z0-9._-]{1,32}):1m"
    r"|(?P<chat>chat):(?P<topic>[A-Za-z0-9_-]{1,64})"
    r"|orders|portfolio|notifications|signals",
    re.ASCII,
)
"""Nothing in a name needs escaping in JSON."""


class Channel(NamedTuple):
    """``topic`` is the symbol or the chat's topic."""

    name: str
    kind: str
    topic: str = ""


def parse(name: str) -> Channel:
    """The channel of a name; refused when there is none."""
    found = NAME.fullmatch(name)
    if found is None:
        raise DomainError("unknown_channel", 422, "there is no such channel", field="channels")
    kind = found["kind"] or found["candles"] or found["chat"] or name
    return Channel(name, kind, found["symbol"] or found["of"] or found["topic"] or "")
