"""A request passed on to the service that it is for."""

import time
from collections.abc import Mapping

from services.contracts.errors import DomainError
from services.kernel.peers import Answer, Peer, PeerSilent, PeerUnavailable

READS = frozenset({"GET", "HEAD"})
QUICKLY = 0.5
"""Seconds within which a read must have failed to be tried once more: a slow service gets no second request."""


class OutcomeUnknown(DomainError):
    """A write was sent and not answered: it may have been done."""

    def __init__(self, service: str) -> None:
        detail = f"{service} gave no answer in time: repeat the request with the same key to learn what became of it"
        super().__init__("outcome_unknown", 504, detail)


class TimedOut(DomainError):
    """A read was not answered in time."""

    def __init__(self, service: str) -> None:
        super().__init__("timeout", 504, f"{service} gave no answer in time")


async def forward(peer: Peer, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """The service's answer, whatever its status; reads are tried twice."""
    started = time.monotonic()
    try:
        return await peer.request(method, path, headers=headers, body=body or None, query=query)
    except PeerUnavailable as error:
        if method not in READS:
            raise refused(error) from error
        if time.monotonic() - started > QUICKLY:
            raise TimedOut(peer.name) from error
    try:
        return await peer.request(method, path, headers=headers, query=query)
    except PeerUnavailable as error:
        raise error if not isinstance(error, PeerSilent) else TimedOut(peer.name) from error


def refused(error: PeerUnavailable) -> DomainError:
    """What a write's failure means: only one that never arrived is known to have done nothing."""
    return OutcomeUnknown(error.name) if isinstance(error, PeerSilent) else error
