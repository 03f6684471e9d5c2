"""What a session wants done, in this order; it does nothing itself."""

from typing import NamedTuple, TypeAlias

from services.fix.message import Message


class Send(NamedTuple):
    """Write the frame; ``keep`` it where the peer may ask for it again (application messages)."""

    seq: int
    frame: bytes
    keep: bool
    write: bool = True
    """False while there is no session on the wire: the peer finds the gap and asks."""


class Deliver(NamedTuple):
    """An application message, in sequence and checked."""

    message: Message


class Resend(NamedTuple):
    """The peer asks for what was sent under these numbers; Session.replay() answers with the stored messages."""

    begin: int
    end: int


class Reset(NamedTuple):
    """Both numbers began again at 1: forget the stored messages."""


class LoggedOn(NamedTuple):
    """Logons are exchanged; application messages may be sent."""


class Synchronised(NamedTuple):
    """The peer has everything we sent before, and we have what it sent (initiator only)."""


class Disconnect(NamedTuple):
    """Close the connection."""

    reason: str


Effect: TypeAlias = Send | Deliver | Resend | Reset | LoggedOn | Synchronised | Disconnect
