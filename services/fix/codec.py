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

HEADER = re.compile(rb"8=FIX[^\x01]{0,16}\x019=(\d{1,7})\x01")
HEADER_LENGTH = 32
TAG = re.compile(rb"-?\d{1,9}")


class GarbledMessageError(ValueError):
    """Not a FIX message: to be ignored, the gap in the numbers brings it again."""


class DataFieldError(Exception):
    """A field with a length of its own has been met."""


class TagPrefixes(dict[int, bytes]):
    """SOH, tag and equals sign, for the tags that were ever written."""

    def __missing__(self, tag: int) -> bytes:
        prefix = b"\x01%d=" % tag
        if 0 < tag < 10_000:
            self[tag] = prefix
        return prefix


class TagNumbers(dict[bytes, int]):
    """The integer of a tag's bytes; remembers those written as the standard writes them."""

    def __missing__(self, text: bytes) -> int:
        if not TAG.fullmatch(text):
            raise GarbledMessageError(f"{text!r} is not a tag")
        tag = int(text)
        if tag in DATA_LENGTHS:
            raise DataFieldError
        if 0 < tag < 10_000 and text == b"%d" % tag:
            self[text] = tag
        return tag


PREFIXES = TagPrefixes()
NUMBERS = TagNumbers()
TRAILERS = [b"10=%03d\x01" % total for total in range(256)]


def checksum(data: bytes) -> int:
    """The sum of all bytes modulo 256; 256 bytes are the most whose sum Adler-32 holds unreduced."""
    if len(data) <= 256:
        return (adler32(data) - 1) & 255
    return sum(adler32(data[at : at + 256]) - 1 for at in range(0, len(data), 256)) & 255


def encode(fields: Fields) -> bytes:
    """Frame the fields, MsgType first: BeginString, BodyLength and CheckSum are added."""
    prefixes = PREFIXES
    try:
        body = b"".join([prefixes[tag] + value for tag, value in fields])  # type: ignore[operator]
    except TypeError:
        body = b"".join([prefixes[tag] + _bytes(value) for tag, value in fields])
    message = b"8=%b\x019=%d%b\x01" % (BEGIN_STRING, len(body), body)
    return message + TRAILERS[checksum(message)]


def _bytes(value: Value) -> bytes:
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else b"%d" % value


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
    except DataFieldError:
        return Message(frame, _fields_with_data(frame))
    except ValueError as why:
        raise GarbledMessageError("a field without a tag") from why


def _same_number(text: bytes, number: int) -> bool:
    return text.isdigit() and int(text) == number


def _fields_with_data(frame: bytes) -> list[tuple[int, bytes]]:
    """Field by field, since a value may hold SOH: its length stands in the field before it."""
    fields: list[tuple[int, bytes]] = []
    at, data_length = 0, 0
    while at < len(frame):
        equals = frame.find(b"=", at)
        text = frame[at : equals if equals >= 0 else at]
        if not TAG.fullmatch(text):
            raise GarbledMessageError(f"{text!r} is not a tag")
        end = frame.find(SOH, equals + 1 + data_length)
        if end < 0:
            raise GarbledMessageError("a data field is longer than the message")
        tag, value = int(text), frame[equals + 1 : end]
        fields.append((tag, value))
        data_length = _announced(fields)
        at = end + 1
    return fields


def _announced(fields: list[tuple[int, bytes]]) -> int:
    """The length that the last field gives for the data field after it, 0 where it is none."""
    tag, value = fields[-1]
    return int(value) if tag in DATA_LENGTHS and value.isdigit() and len(value) < 8 else 0


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
