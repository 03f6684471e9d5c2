"""RESP2, the wire of Redis: commands to bytes, bytes to replies."""

from collections.abc import Sequence
from typing import Union

Reply = Union[bytes, int, None, "Refusal", list["Reply"]]
SIMPLE, ERROR, INTEGER, BULK, ARRAY = b"+-:$*"


class Refusal(ValueError):
    """A command that Redis has refused; the text begins with a word for the reason."""


class Partial(Exception):
    """The rest of the reply has not come yet."""


def packed(*parts: str | bytes | int) -> bytes:
    """One command."""
    bulks = [part if isinstance(part, bytes) else str(part).encode() for part in parts]
    return b"*%d\r\n%b" % (len(bulks), b"".join([b"$%d\r\n%b\r\n" % (len(bulk), bulk) for bulk in bulks]))


def publications(messages: Sequence[tuple[str, bytes]]) -> bytes:
    """A PUBLISH for each message: ``packed`` unrolled, because market data sends thousands a second."""
    pieces = []
    for name, message in messages:
        channel = name.encode()
        pieces.append(
            b"*3\r\n$7\r\nPUBLISH\r\n$%d\r\n%b\r\n$%d\r\n%b\r\n" % (len(channel), channel, len(message), message)
        )
    return b"".join(pieces)


class Replies:
    """Takes bytes as they come; what is not whole waits for the rest."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Reply]:
        """The replies that are whole now; ValueError when this is no RESP."""
        buffer = self._rest + data if self._rest else data
        replies: list[Reply] = []
        at, end = 0, len(buffer)
        try:
            while at < end:
                reply, at = read(buffer, at)
                replies.append(reply)
        except Partial:
            pass
        self._rest = buffer[at:]
        return replies


def read(buffer: bytes, at: int) -> tuple[Reply, int]:
    """The reply that begins here, and where the next one does."""
    line = buffer.find(b"\r\n", at)
    if line < 0:
        raise Partial
    kind, head, after = buffer[at], buffer[at + 1 : line], line + 2
    if kind == BULK:
        return bulk(buffer, int(head), after)
    if kind == ARRAY:
        return array(buffer, int(head), after)
    if kind == INTEGER:
        return int(head), after
    if kind == SIMPLE:
        return head, after
    if kind == ERROR:
        return Refusal(head.decode(errors="replace")), after
    raise ValueError(f"no reply of Redis begins with {buffer[at : at + 1]!r}")


def bulk(buffer: bytes, size: int, at: int) -> tuple[bytes | None, int]:
    """A string of so many bytes; none when the size is negative."""
    if size < 0:
        return None, at
    if len(buffer) < at + size + 2:
        raise Partial
    return buffer[at : at + size], at + size + 2


def array(buffer: bytes, size: int, at: int) -> tuple[list[Reply] | None, int]:
    """So many replies in one."""
    if size < 0:
        return None, at
    replies: list[Reply] = []
    for _ in range(size):
        reply, at = read(buffer, at)
        replies.append(reply)
    return replies, at
