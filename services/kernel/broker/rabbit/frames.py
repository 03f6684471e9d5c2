"""AMQP 0-9-1 as bytes: frames are cut and events are written by hand, because they come by the thousand.

All other methods are pamqp's, which is made from the protocol's specification.
"""

import struct
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from pamqp import commands
from pamqp.base import Frame
from pamqp.commands import Basic
from pamqp.frame import marshal
from pamqp.header import ContentHeader

METHOD, HEADER, BODY, HEARTBEAT = 1, 2, 3, 8
GREETING = b"AMQP\x00\x00\x09\x01"
SIGN_OF_LIFE = b"\x08\x00\x00\x00\x00\x00\x00\xce"
END = 0xCE
AROUND = 8
"""Bytes of a frame that are not its payload."""
FRAME = struct.Struct(">BHI")
CONTENT = struct.Struct(">BHIHxxQ")
END_BYTE = bytes([END])
PERSISTENT = Basic.Properties(content_type="application/json", delivery_mode=2).marshal()

Cut = tuple[int, int, bytes]
"""Kind, channel and payload of a frame."""


class Letter(NamedTuple):
    """A message on its way to an exchange; ``mandatory``: it must come back when no queue takes it."""

    exchange: str
    key: str
    body: bytes
    mandatory: bool = False
    properties: bytes = PERSISTENT


class Frames:
    """What has come, cut into frames."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[Cut]:
        """The frames that are whole now; ValueError when these are none."""
        data = self._rest + data if self._rest else data
        frames: list[Cut] = []
        start, size = 0, len(data)
        while size - start >= AROUND:
            kind, channel, length = FRAME.unpack_from(data, start)
            end = start + AROUND + length
            if kind > HEARTBEAT or (end <= size and data[end - 1] != END):
                raise ValueError(f"no frame: {data[start : start + AROUND]!r}")
            if end > size:
                break
            frames.append((kind, channel, data[start + FRAME.size : end - 1]))
            start = end
        self._rest = data[start:]
        return frames


def posted(letters: Iterable[Letter], channel: int, most: int) -> bytes:
    """Letters as frames of at most so many bytes."""
    parts: list[bytes] = []
    room = most - AROUND
    for exchange, key, body, mandatory, properties in letters:
        about = CONTENT.pack(HEADER, channel, 12 + len(properties), Basic.frame_id, len(body))
        parts += (_publish(channel, exchange, key, mandatory), about, properties, END_BYTE)
        for start in range(0, len(body), room):
            piece = body[start : start + room]
            parts += (FRAME.pack(BODY, channel, len(piece)), piece, END_BYTE)
    return b"".join(parts)


def method_of(payload: bytes) -> Frame:
    """A method frame's method; ValueError when it is none."""
    try:
        method: Frame = commands.INDEX_MAPPING[index_of(payload)]()
        method.unmarshal(payload[4:])
    except (KeyError, ValueError, struct.error, IndexError) as error:
        raise ValueError(f"no method: {payload[:4]!r}") from error
    return method


def index_of(payload: bytes) -> int:
    """Which method it is, by pamqp's index."""
    return int.from_bytes(payload[:4])


def tag_of_delivery(payload: bytes) -> int:
    """The tag in a ``Basic.Deliver``, which lies behind the consumer's name."""
    start = 5 + payload[4]
    return int.from_bytes(payload[start : start + 8])


def tag_of_confirm(payload: bytes) -> tuple[int, bool]:
    """The tag in a ``Basic.Ack`` or ``Basic.Nack``, and whether it is for all before it too."""
    return int.from_bytes(payload[4:12]), bool(payload[12] & 1)


def size_of(header: bytes) -> int:
    """How long the body behind a header is."""
    return int.from_bytes(header[4:12])


def properties_of(header: bytes) -> Basic.Properties:
    """What a header says about its message."""
    content = ContentHeader()
    content.unmarshal(header)
    return content.properties


@lru_cache(maxsize=1_000)
def _publish(channel: int, exchange: str, key: str, mandatory: bool) -> bytes:
    return marshal(Basic.Publish(exchange=exchange, routing_key=key, mandatory=mandatory), channel)
