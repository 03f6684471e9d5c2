"""A port before a server through which so many bytes pass, and then no more: it holds them, or the server is gone."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Literal

Does = Literal["hold", "cut"]
PIECE = 1 << 16


class Sluice:
    """Bytes of both directions are counted together, of all connections."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._door = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Condition()
        self._left: int | None = None
        self._does: Does = "hold"
        self._ends = set[socket.socket]()
        self.reached = threading.Event()
        """Set when so many have passed."""
        self._threads: list[threading.Thread] = []
        self._begin(self._serve)

    @property
    def port(self) -> int:
        return int(self._door.getsockname()[1])

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def after(self, size: int, does: Does) -> None:
        """From now on so many bytes pass."""
        with self._lock:
            self._left, self._does = size, does
            self.reached.clear()

    def open(self) -> None:
        """Everything passes."""
        with self._lock:
            self._left = None
            self._lock.notify_all()

    def drop(self) -> None:
        """What is under way never arrives; then everything passes."""
        self._cut()
        self.open()

    def close(self) -> None:
        """Nobody comes in any more, and nobody is left."""
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.drop()
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                self._begin(self._connect, near)

    def _begin(self, work: Callable[..., None], *arguments: socket.socket) -> threading.Thread:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()
        return thread

    def _connect(self, near: socket.socket) -> None:
        """One connection, to its end."""
        with near, socket.create_connection(("127.0.0.1", self._target)) as far:
            with self._lock:
                gone = self._does == "cut" and self._left is not None and self.reached.is_set()
                self._ends |= set[socket.socket]() if gone else {near, far}
            if not gone:
                back = self._begin(self._pump, far, near)
                self._pump(near, far)
                back.join()
            with self._lock:
                self._ends -= {near, far}

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                self._pass(len(piece))
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)

    def _pass(self, size: int) -> None:
        with self._lock:
            if self._left is None:
                return
            self._left -= size
            if self._left >= 0:
                return
            self.reached.set()
            if self._does == "hold":
                self._lock.wait_for(lambda: self._left is None)
                return
        self._cut()

    def _cut(self) -> None:
        with self._lock:
            for end in self._ends:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)


@contextmanager
def sluice(port: int) -> Iterator[Sluice]:
    """For as long as it is needed."""
    made = Sluice(port)
    try:
        yield made
    finally:
        made.close()
