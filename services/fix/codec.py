"""Bytes to fields and back: framing, BodyLength and CheckSum (FIX 4.4 volume 2, message construction).

Adler-32 begins with the sum of the bytes: zlib computes it some twenty times faster than sum() does.
"""

import re
from zlib import adler32

from services.fix.message import Fields, Message, Value

BEGIN_STRING = b"FIX.4.4"
SOH = b"\x01"
MAX_BODY_LENGTH = 65_536
"""Bytes; a header that announces more is garbage, not a message to wait for."""

# Fields that may hold SOH, by the field that gives their length in bytes and stands before them.
DATA_LENGTHS = {90: 91, 93: 89, 95: 96, 212: 213, 348: 349, 350: 351, 352: 353, 354: 355, 356: 357, 358: 359}
DATA_LENGTHS |= {360: 361, 362: 363, 364: 365, 445: 446, 618: 619, 621: 622}

HEADER = re.compile(rb"8=FIX[0-9A-Z.]{0,12}\x019=(\d{1,7})\x01")
HEADER_LENGTH = 32
TAG = re.compile(rb"-?\d{1,9}")


class GarbledMessageError(ValueError):
    """Not a FIX message: to be ignored, the gap in the numbers brings it again."""


PREFIXES = {tag: b"\x01%d=" % tag for tag in range(1, 957)}
"""SOH, tag and equals sign of every tag that FIX 4.4 knows."""
NUMBERS = {b"%d" % tag: tag for tag in PREFIXES if tag not in DATA_LENGTHS}
"""The same tags, but for those that announce a field with a length of its own."""
TRAILERS = [b"10=%03d\x01" % total for total in range(256)]


def checksum(data: bytes) -> int:
    """The sum of all bytes modulo 256; 256 bytes are the most whose sum Adler-32 holds unreduced."""
    if len(data) <= 256:
        return (adler32(data) - 1) & 255
    return sum(adler32(data[at : at + 256]) - 1 for at in range(0, len(data), 256)) & 255


def encode(fields: Fields) -> bytes:
    """Frame the fields, MsgType first: adds BeginString, BodyLength, CheckSum. Fastest where all values are bytes."""
    prefixes = PREFIXES
    try:
        body = b"".join([prefixes[tag] + value for tag, value in fields])  # type: ignore[operator]
    except (TypeError, KeyError):
        body = b"".join([b"\x01%d=%b" % (tag, _bytes(value)) for tag, value in fields])
    message = b"8=FIX.4.4\x019=%d%b\x01" % (len(body), body)
    return message + TRAILERS[checksum(message)]


def _bytes(value: Value) -> bytes:
    if isinstance(value, str):
        return value.encode()
    return value if isinstance(value, bytes) else b"%d" % value


def decode(frame: bytes) -> Message:
    """Read one frame; GarbledMessageError where its start, length or checksum is wrong or a field has no tag."""
    parts = frame.split(SOH)
    if len(parts) < 5 or not (parts[0][:2] == b"8=" and parts[1][:2] == b"9=" and parts[2][:3] == b"35="):
        raise GarbledMessageError("BeginString, BodyLength and MsgType do not come first")
    length = len(frame) - len(parts[0]) - len(parts[1]) - 9
    if parts[1][2:] != b"%d" % length and not _same_number(parts[1][2:], length):
        raise GarbledMessageError(f"BodyLength says {parts[1][2:]!r}, the body has {length} bytes")
    if frame[-7:] != TRAILERS[checksum(frame[:-7])] or frame[-8] != 1:
        raise GarbledMessageError("CheckSum is missing or wrong")
    del parts[-1]
    numbers = NUMBERS
    try:
        return Message(frame, [(numbers[tag], value) for tag, value in [part.split(b"=", 1) for part in parts]])
    except KeyError:
        return Message(frame, _fields_one_by_one(frame))
    except ValueError as why:
        raise GarbledMessageError("a field without a tag") from why


def _same_number(text: bytes, number: int) -> bool:
    return text.isdigit() and int(text) == number


def _fields_one_by_one(frame: bytes) -> list[tuple[int, bytes]]:
    """For tags that FIX 4.4 does not know, and data fields, which may hold SOH: the field before gives their length."""
    fields: list[tuple[int, bytes]] = []
    at = 0
    while at < len(frame):
        equals = frame.find(b"=", at)
        text = frame[at : max(equals, at)]
        if not TAG.fullmatch(text):
            raise GarbledMessageError(f"{text!r} is not a tag")
        tag = int(text)
        end = _value_end(frame, equals + 1, _announced(fields, tag))
        fields.append((tag, frame[equals + 1 : end]))
        at = end + 1
    return fields


def _value_end(frame: bytes, begin: int, length: int) -> int:
    """Where the announced length ends, if the field ends there; else at the next SOH, and every frame ends with one."""
    end = begin + length
    return end if length and frame[end : end + 1] == SOH else frame.index(SOH, begin)


def _announced(fields: list[tuple[int, bytes]], tag: int) -> int:
    """The length that the last field gives for this one, 0 where it gives none."""
    before, value = fields[-1] if fields else (0, b"")
    return int(value) if DATA_LENGTHS.get(before) == tag and value.isdigit() and len(value) < 8 else 0


class Framer:
    """Cuts a stream of bytes into frames; what lies between them is skipped and counted.

    A frame runs from a header to the first CheckSum field behind the length that the header gives. A length that is
    too long therefore takes the next message with it, and decode() refuses both (acceptance definition 2m).
    """

    def __init__(self) -> None:
        self._rest = b""
        self.skipped = 0

    def feed(self, chunk: bytes) -> list[bytes]:
        """The frames that this chunk completes."""
        data, at, frames = self._rest + chunk, 0, list[bytes]()
        while True:
            start = data.find(b"8=FIX", at)
            if start < 0:
                break
            self.skipped += start - at
            at = start
            end = _frame_end(data, start)
            if end == 0:
                self._rest = data[start:]
                return frames
            if end > 0:
                frames.append(data[start:end])
                at = end
            else:
                self.skipped += 2
                at = start + 2
        keep = _tail(data, at)
        self.skipped += len(data) - at - keep
        self._rest = data[len(data) - keep :]
        return frames


def _frame_end(data: bytes, start: int) -> int:
    """Where the frame ends; 0 when more bytes are needed, negative when this is no header."""
    header = HEADER.match(data, start)
    if header is None:
        return 0 if len(data) - start < HEADER_LENGTH and data.count(SOH, start) < 2 else -1
    length = int(header[1])
    if length > MAX_BODY_LENGTH:
        return -1
    body_end = header.end() + length
    trailer = data.find(b"\x0110=", body_end - 1)
    end = data.find(SOH, trailer + 4) if trailer >= 0 else -1
    if end >= 0:
        return end + 1
    return 0 if len(data) - body_end < MAX_BODY_LENGTH else -1


def _tail(data: bytes, at: int) -> int:
    """How many last bytes may be the beginning of a header."""
    for length in range(min(4, len(data) - at), 0, -1):
        if data.endswith(b"8=FIX"[:length]):
            return length
    return 0
