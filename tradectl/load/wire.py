"""A client that costs less than what it measures: HTTP/1.1 over one connection that stays open, with TLS for https."""

import json
import socket
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 10.0
"""Seconds after which nobody waits for an answer any more."""


class Failed(Exception):
    """No answer; says in a word why not: ``timeout``, ``closed``, ``refused``."""


class Answer:
    """Status and body."""

    __slots__ = ("body", "status")

    def __init__(self, status: int, body: bytes) -> None:
        self.status = status
        self.body = body

    def json(self) -> Any:
        return json.loads(self.body) if self.body else None

    @property
    def error(self) -> str:
        """Empty for a success; else status and problem code."""
        if self.status < 400:
            return ""
        try:
            return f"{self.status} {self.json()['code']}"
        except (ValueError, KeyError, TypeError):
            return str(self.status)


class Wire:
    """One keep-alive connection to a door, opened anew when the door has closed it."""

    def __init__(self, door: str, timeout: float = TIMEOUT) -> None:
        parts = urlsplit(door)
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._address = (parts.hostname or "", parts.port or (443 if self._tls else 80))
        self._host = parts.netloc
        self._timeout = timeout
        self._socket: socket.socket | None = None
        self._rest = b""

    def request(self, method: str, target: str, token: str = "", body: Any = None, key: str = "") -> Answer:
        """The answer; Failed when there is none. A connection that was closed while idle is opened once more."""
        data = b"" if body is None else json.dumps(body).encode()
        head = [f"{method} {target} HTTP/1.1", f"Host: {self._host}", f"Content-Length: {len(data)}"]
        head += [f"Authorization: Bearer {token}"] if token else []
        head += ["Content-Type: application/json"] if data else []
        head += [f"Idempotency-Key: {key}"] if key else []
        message = "\r\n".join([*head, "", ""]).encode() + data
        idle = self._socket is not None
        try:
            return self._exchange(message)
        except Failed as failure:
            self.close()
            if not idle or str(failure) != "closed":
                raise
        return self._exchange(message)

    def close(self) -> None:
        """Give the connection back."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._rest = None, b""

    def _exchange(self, message: bytes) -> Answer:
        try:
            if self._socket is None:
                self._socket = self._opened()
            self._socket.sendall(message)
            return self._answer()
        except TimeoutError as error:
            self.close()
            raise Failed("timeout") from error
        except ConnectionRefusedError as error:
            self.close()
            raise Failed("refused") from error
        except OSError as error:
            self.close()
            raise Failed("closed") from error

    def _opened(self) -> socket.socket:
        opened = socket.create_connection(self._address, self._timeout)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened if self._tls is None else self._tls.wrap_socket(opened, server_hostname=self._address[0])

    def _answer(self) -> Answer:
        while (end := self._rest.find(b"\r\n\r\n")) < 0:
            self._more()
        head, self._rest = self._rest[:end], self._rest[end + 4 :]
        status, headers = int(head[9:12]), _headers(head)
        length = int(headers.get(b"content-length", b"0"))
        while len(self._rest) < length:
            self._more()
        body, self._rest = self._rest[:length], self._rest[length:]
        if headers.get(b"connection", b"").lower() == b"close":
            self.close()
        return Answer(status, body)

    def _more(self) -> None:
        piece = self._socket.recv(64 * 1024) if self._socket else b""
        if not piece:
            raise ConnectionResetError("closed")
        self._rest += piece


def _headers(head: bytes) -> Mapping[bytes, bytes]:
    lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    return {name.lower(): value.strip() for name, _, value in lines}
