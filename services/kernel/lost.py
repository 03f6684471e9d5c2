"""Tells a part that is lost (database, broker, peer: wait until it is back) from a mistake (of a message, of ours)."""

from sqlalchemy.exc import DBAPIError

from services.kernel.peers import PeerUnavailable

SQLITE_LOST = frozenset({5, 6, 7, 8, 10, 11, 13, 14, 15, 26})
"""Primary codes: busy, locked, no memory, read-only, I/O, corrupt, full, can't open, protocol, no database."""


def is_lost(error: BaseException) -> bool:
    """Whether the error says that something does not answer, so that trying again later makes sense."""
    if isinstance(error, DBAPIError):
        code = getattr(error.orig, "sqlite_errorcode", None)
        return error.connection_invalidated or (code is not None and code & 0xFF in SQLITE_LOST)
    return isinstance(error, OSError | TimeoutError | PeerUnavailable)
