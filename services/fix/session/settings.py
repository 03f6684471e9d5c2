"""What a session is told and what it must not forget."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

SECOND = 1_000_000


class Role(Enum):
    """Who connects and sends the first Logon."""

    INITIATOR = "initiator"
    ACCEPTOR = "acceptor"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSettings:
    """Both names, the side, and the times after which a session acts by itself (microseconds, but for HeartBtInt)."""

    role: Role
    sender_comp_id: str
    target_comp_id: str
    application: frozenset[str]
    """MsgTypes to deliver; the others are answered by a Business Message Reject. "3" delivers session rejects too."""
    heart_bt_int: int = 30
    """Seconds; the initiator's counts, the acceptor takes what the Logon says."""
    reset_on_logon: bool = False
    """Both numbers begin at 1 with each Logon; what was not delivered before is lost."""
    sending_time_tolerance: int = 120 * SECOND
    logon_timeout: int = 10 * SECOND
    logout_timeout: int = 2 * SECOND
    resend_timeout: int = 10 * SECOND
    """A gap that has not been filled by then is asked for again."""


class SessionNumbers(NamedTuple):
    """The next MsgSeqNum to send and the next one expected."""

    next_out: int = 1
    next_in: int = 1


class StoredMessage(NamedTuple):
    """An application message as it was framed the first time, under its MsgSeqNum."""

    seq: int
    frame: bytes
