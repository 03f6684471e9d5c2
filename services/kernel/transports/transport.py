"""What every way to a peer gives: an answer, or the reason why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from services.contracts.errors import DomainError


class PeerUnavailable(DomainError):
    """The peer was not reached: it did nothing of what was asked."""

    def __init__(self, name: str, detail: str = "", *, code: str = "unavailable", status: int = 503) -> None:
        super().__init__(code, status, detail or f"{name} is not available")
        self.name = name


class PeerSilent(PeerUnavailable):
    """The peer was reached and gave no whole answer in time: whether it did what was asked is not known."""

    def __init__(self, name: str) -> None:
        super().__init__(name, f"{name} gave no answer in time", code="outcome_unknown", status=504)


@dataclass(frozen=True, slots=True)
class Answer:
    """Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as plain data."""
        return msgspec.json.decode(self.body)


class Transport(Protocol):
    """One way to reach a peer; raises PeerUnavailable or PeerSilent."""

    async def request(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send one request; ``target`` is path and query."""

    async def close(self) -> None:
        """Give back what is held open."""
