"""What the codec yields and what the session takes: fields in the order of the wire, tags as integers."""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from services.fix import tags

Value: TypeAlias = bytes | str | int
Fields: TypeAlias = Sequence[tuple[int, Value]]


class Message:
    """A message off the wire, BodyLength and CheckSum verified; groups stay in order in ``fields``."""

    __slots__ = ("_first", "fields", "frame", "msg_type")

    def __init__(self, frame: bytes, fields: list[tuple[int, bytes]]) -> None:
        self.frame = frame
        self.fields = fields
        self.msg_type = fields[2][1].decode("latin-1")
        self._first: dict[int, bytes] | None = None

    @property
    def first(self) -> dict[int, bytes]:
        """The first value of each tag; made when it is first asked for."""
        if self._first is None:
            self._first = dict(reversed(self.fields))
        return self._first

    def get(self, tag: int) -> bytes | None:
        """The first value of the tag, as it was on the wire."""
        return self.first.get(tag)

    def text(self, tag: int) -> str | None:
        """The first value of the tag, as UTF-8 text."""
        value = self.first.get(tag)
        return None if value is None else value.decode("utf-8", "replace")

    def number(self, tag: int) -> int | None:
        """The first value of the tag as an integer, None where it is absent or is not one."""
        value = self.first.get(tag)
        return int(value) if value is not None and value.removeprefix(b"-").isdigit() else None

    def flag(self, tag: int) -> bool:
        """Whether a Boolean field is there and says Y."""
        return self.first.get(tag) == b"Y"

    @property
    def seq(self) -> int:
        """MsgSeqNum; the session delivers no message without one."""
        return int(self.first[tags.MsgSeqNum])

    @property
    def poss_resend(self) -> bool:
        """The same business message may have come before, under another number: the application's to tell."""
        return self.flag(tags.PossResend)

    def __repr__(self) -> str:
        return "Message(" + self.frame.replace(b"\x01", b"|").decode("latin-1") + ")"


class Body(NamedTuple):
    """A message to be sent: the session adds the header and the trailer."""

    msg_type: str
    fields: Fields
