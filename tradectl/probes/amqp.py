"""How many messages lie in RabbitMQ's queues, and none afterwards: seven methods of AMQP 0-9-1, spoken by hand.

The HTTP API would need a plugin, knows a quorum queue's length only some seconds later, and may not look into a queue
that has one consumer at a time.
"""

import socket
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

PATIENCE = 5.0
"""Seconds for each answer."""
GREETING = b"AMQP\x00\x00\x09\x01"
METHOD, END = 1, b"\xce"
START, START_OK, TUNE, TUNE_OK, OPEN, OPEN_OK = ((10, number) for number in (10, 11, 30, 31, 40, 41))
CLOSE, CLOSE_OK = (10, 50), (10, 51)
CHANNEL_OPEN, CHANNEL_OPEN_OK, CHANNEL_CLOSE, CHANNEL_CLOSE_OK = ((20, number) for number in (10, 11, 40, 41))
DECLARE, DECLARE_OK, PURGE, PURGE_OK = ((50, number) for number in (10, 11, 30, 31))
PASSIVE = 1
NOT_FOUND = 404

Method = tuple[int, int]


class UnreachableError(Exception):
    """No RabbitMQ answers, or it does not let us in."""


def count(url: str, queues: Iterable[str]) -> dict[str, int]:
    """The messages in each queue that there is; those in a consumer's hands are not counted."""
    with _connected(url) as connection:
        found = {queue: connection.declare(queue) for queue in queues}
    return {queue: messages for queue, messages in found.items() if messages is not None}


def purge(url: str, queues: Iterable[str]) -> int:
    """Empty each queue that there is; how many messages went."""
    with _connected(url) as connection:
        return sum(connection.purge(queue) for queue in queues if connection.declare(queue) is not None)


class Connection:
    """One socket; a channel is opened anew after each that RabbitMQ closes."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._channel = 0

    def log_in(self, user: str, password: str, vhost: str) -> None:
        self._socket.sendall(GREETING)
        self._answer(START)
        login = table() + short("PLAIN") + long(f"\0{user}\0{password}") + short("en_US")
        self._send(0, START_OK, login)
        self._send(0, TUNE_OK, self._answer(TUNE)[:6] + struct.pack(">H", 0))
        self._send(0, OPEN, short(vhost) + short("") + b"\0")
        self._answer(OPEN_OK)
        self._open_channel()

    def declare(self, queue: str) -> int | None:
        """The messages of a queue, which is not made; None when there is none."""
        self._send(self._channel, DECLARE, b"\0\0" + short(queue) + bytes([PASSIVE]) + table())
        method, body = self._read()
        if method == CHANNEL_CLOSE and struct.unpack_from(">H", body)[0] == NOT_FOUND:
            self._send(self._channel, CHANNEL_CLOSE_OK)
            self._open_channel()
            return None
        if method != DECLARE_OK:
            raise refused(body)
        return int(struct.unpack_from(">I", body, 1 + body[0])[0])

    def purge(self, queue: str) -> int:
        self._send(self._channel, PURGE, b"\0\0" + short(queue) + b"\0")
        return int(struct.unpack(">I", self._answer(PURGE_OK))[0])

    def close(self) -> None:
        self._send(0, CLOSE, struct.pack(">H", 200) + short("") + bytes(4))
        self._answer(CLOSE_OK)

    def _open_channel(self) -> None:
        self._channel += 1
        self._send(self._channel, CHANNEL_OPEN, short(""))
        self._answer(CHANNEL_OPEN_OK)

    def _send(self, channel: int, method: Method, arguments: bytes = b"") -> None:
        self._socket.sendall(frame(channel, method, arguments))

    def _answer(self, wanted: Method) -> bytes:
        method, body = self._read()
        if method != wanted:
            raise refused(body) if method in {CLOSE, CHANNEL_CLOSE} else UnreachableError(f"it answered {method}")
        return body

    def _read(self) -> tuple[Method, bytes]:
        """The next method; signs of life are passed over."""
        while True:
            kind, _, size = struct.unpack(">BHI", self._exactly(7))
            payload = self._exactly(size + 1)
            if kind == METHOD:
                return struct.unpack_from(">HH", payload), payload[4:-1]

    def _exactly(self, size: int) -> bytes:
        taken = b""
        while len(taken) < size:
            more = self._socket.recv(size - len(taken))
            if not more:
                raise UnreachableError("it closed the connection: user, password or virtual host are not right")
            taken += more
        return taken


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 5672), PATIENCE) as sock:
            connection = Connection(sock)
            connection.log_in(unquote(parts.username or ""), unquote(parts.password or ""), unquote(parts.path[1:]))
            yield connection
            connection.close()
    except OSError as error:
        raise UnreachableError(str(error)) from error


def frame(channel: int, method: Method, arguments: bytes) -> bytes:
    payload = struct.pack(">HH", *method) + arguments
    return struct.pack(">BHI", METHOD, channel, len(payload)) + payload + END


def short(text: str) -> bytes:
    data = text.encode()
    return bytes([len(data)]) + data


def long(text: str) -> bytes:
    data = text.encode()
    return struct.pack(">I", len(data)) + data


def table() -> bytes:
    """An empty one."""
    return bytes(4)


def refused(body: bytes) -> UnreachableError:
    """RabbitMQ's own words, behind their code."""
    return UnreachableError(body[3 : 3 + body[2]].decode(errors="replace"))
