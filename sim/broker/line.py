"""What becomes of the broker's FIX messages between their session and the wire while faults last.

Logons and Logouts always pass, or no session would ever be; a message that is resent passes as it is, or none would
ever be whole again.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from services.fix import tags
from services.fix.codec import decode, encode
from services.fix.message import Message
from services.runtime.faults import Faults

Write = Callable[[bytes], None]
FRAMING = (tags.BeginString, tags.BodyLength, tags.CheckSum)
LOOK = 0.05
"""Seconds between two looks whether silence is over."""


class Line:
    """One session's way out; frames keep their order on it."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._waiting: deque[tuple[float, bytes, Write]] = deque()
        """When each leaves, by the loop's clock."""

    def __call__(self, frames: Sequence[bytes], write: Write) -> None:
        """Write what is left of the frames, now or later."""
        told = b"".join(self._disturbed(frames) if self._faults.active else frames)
        if not told:
            return
        late = self._faults.find("fix.slow_ack")
        if late or self._waiting or self._faults.find("fix.silent"):
            self._waiting.append((asyncio.get_running_loop().time() + (late.seconds if late else 0.0), told, write))
            if len(self._waiting) == 1:
                self._leave()
        else:
            write(told)

    def _leave(self) -> None:
        """Write what is due, and look again when the next one is."""
        loop = asyncio.get_running_loop()
        silent = self._faults.find("fix.silent")
        while self._waiting and not silent and self._waiting[0][0] <= loop.time():
            _, told, write = self._waiting.popleft()
            write(told)
        if self._waiting:
            loop.call_at(max(self._waiting[0][0], loop.time() + (LOOK if silent else 0.0)), self._leave)

    def _disturbed(self, frames: Sequence[bytes]) -> Iterator[bytes]:
        for frame in frames:
            message = decode(frame)
            if message.msg_type in "A5" or message.flag(tags.PossDupFlag):
                yield frame
            else:
                yield from self._one(frame, message)

    def _one(self, frame: bytes, message: Message) -> Iterator[bytes]:
        find = self._faults.find
        if (gap := find("fix.gap")) and gap.strikes():
            return
        if (wrong := find("fix.wrong_number")) and wrong.strikes():
            frame = renumbered(message, max(1, message.seq + round(wrong.number("offset"))))
        if (garbled := find("fix.garbled")) and garbled.strikes():
            frame = with_wrong_checksum(frame)
        yield frame
        if (again := find("fix.duplicate")) and again.strikes():
            yield frame


def renumbered(message: Message, seq: int) -> bytes:
    """The message under another number."""
    fields = [(tag, value) for tag, value in message.fields if tag not in FRAMING]
    return encode([(tag, b"%d" % seq if tag == tags.MsgSeqNum else value) for tag, value in fields])


def with_wrong_checksum(frame: bytes) -> bytes:
    """The frame with a checksum that is one too high."""
    head, wrong = frame[:-4], (int(frame[-4:-1]) + 1) % 256
    return head + b"%03d\x01" % wrong
