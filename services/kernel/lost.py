"""Tells a part that is lost (database, broker, peer: wait until it is back) from a mistake (of a message, of ours)."""

from sqlalchemy.exc import DBAPIError

from services.contracts.errors import DomainError
from services.kernel.peers import PeerUnavailable

SQLITE_LOST = frozenset({5, 6, 7, 8, 10, 11, 13, 14, 15, 26})
"""Primary codes: busy, locked, no memory, read-only, I/O, corrupt, full, can't open, protocol, no database."""
MYSQL_LOST = frozenset(
    {
        *(2002, 2003, 2006, 2013, 2014, 2055, 1927, 4031, 3169),  # never came, gone, out of step, killed, idle for long
        *(1040, 1129, 1203, 1226),  # too many connections, or too many failed ones
        *(1053, 1077, 1079, 1080, 1152, 1158, 1159, 1160, 1161, 1184),  # shut down, cut off, network
        *(1290, 1836),  # read-only: no longer the primary, or not yet
        *(1021, 1041, 1114, 1317),  # disk full, no memory, table full, statement ended by somebody
    }
)
"""Codes of the server and of its clients."""


class OutcomeUnknown(DomainError):
    """The database was lost in the commit: it may have happened. The same key again does it once."""

    def __init__(self, database: str) -> None:
        super().__init__("outcome_unknown", 504, f"the database {database} was lost in the commit")


def is_lost(error: BaseException) -> bool:
    """Whether the error says that something does not answer, so that trying again later makes sense."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or is_lost_database(error.orig)
    return isinstance(error, OSError | TimeoutError | PeerUnavailable | OutcomeUnknown)


def is_lost_database(error: BaseException | None) -> bool:
    """As that, of a driver's own error."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in SQLITE_LOST
    return bool(error and error.args and error.args[0] in MYSQL_LOST)
