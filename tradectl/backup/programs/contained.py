"""The database's own programs in a container of its image: on the network of a sandbox's servers, or this machine's."""

import io
import socket
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from tradectl.backup.programs.login import Login
from tradectl.backup.programs.programs import Programs, check
from tradectl.backup.sealing import Readable
from tradectl.stack.containers.engine import connect, explained

if TYPE_CHECKING:
    from docker.models.containers import Container

PIECE = 1 << 16
STDERR = 2
HEAD = 8
"""Bytes before a frame."""


class Contained(Programs):
    """See Programs."""

    folder = "/tmp"  # noqa: S108 (of a container that nobody else is in)
    login = "/tradectl/login.cnf"

    def __init__(self, container: "Container") -> None:
        self.container = container

    def written(self, program: str, command: Sequence[str]) -> Iterator[bytes]:
        run, errors = self._made(command), b""
        with explained(f"run {program}"), self._started(run) as wire:
            for kind, said in wire.frames():
                if kind == STDERR:
                    errors += said
                else:
                    yield said
        self._check(run, program, errors)

    def fed(self, source: Readable, program: str, command: Sequence[str]) -> None:
        run = self._made(command, stdin=True)
        with explained(f"run {program}"), self._started(run) as wire:
            wire.send(source)
            errors = b"".join(said for kind, said in wire.frames() if kind == STDERR)
        self._check(run, program, errors)

    @contextmanager
    def _started(self, run: str) -> Iterator["Wire"]:
        """The library's own streams lose what came along with the answer's head."""
        url = self._api._url("/exec/{0}/start", run)
        answer = self._api._post_json(url, data={"Tty": False, "Detach": False}, stream=True)
        self._api._raise_for_status(answer)
        try:
            yield Wire(answer.raw._fp.fp)
        finally:
            answer.close()

    def begin(self, script: str) -> None:
        run = self._made(["sh", "-c", script])
        with explained("run a shell"):
            self._api.exec_start(run, detach=True)

    def lay(self, path: str, content: bytes) -> None:
        folder, _, name = path.rpartition("/")
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as tar:
            entry = tarfile.TarInfo(f"{folder.strip('/')}/{name}")
            entry.size, entry.mode = len(content), 0o600
            tar.addfile(entry, io.BytesIO(content))
        with explained(f"write {path}"):
            self.container.put_archive("/", packed.getvalue())

    @property
    def _api(self) -> Any:
        return self.container.client.api  # type: ignore[union-attr]

    def _made(self, command: Sequence[str], *, stdin: bool = False) -> str:
        with explained(f"run {command[0]}"):
            return str(self._api.exec_create(self.container.id, list(command), stdin=stdin, user="root")["Id"])

    def _check(self, run: str, program: str, errors: bytes) -> None:
        with explained(f"look at {program}"):
            code = self._api.exec_inspect(run)["ExitCode"]
        check(program, code, errors)


class Wire:
    """The connection to a program: bytes to its input, frames of its outputs (a kind, three unused bytes, a length)."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._socket: socket.socket = stream.raw._sock
        self._socket.settimeout(None)

    def send(self, source: Readable) -> None:
        """All of it, then the end; a program that has ended before says why."""
        with suppress(BrokenPipeError, ConnectionResetError):
            while piece := source.read(PIECE):
                self._socket.sendall(piece)
            self._socket.shutdown(socket.SHUT_WR)

    def frames(self) -> Iterator[tuple[int, bytes]]:
        """Until it ends."""
        while len(head := self._stream.read(HEAD)) == HEAD:
            yield head[0], self._stream.read(int.from_bytes(head[4:], "big"))


@contextmanager
def contained(image: str, login: Login, network: str, labels: Mapping[str, str]) -> Iterator[Contained]:
    """Programs of an image, for as long as they are needed.

    The container reads from a connection to this process and ends with it: whoever is killed leaves none behind.
    """
    with explained(f"start a container of {image}"):
        client = connect()
        container = client.containers.create(
            image,
            ["-c", "cat >/dev/null"],
            entrypoint="sh",
            user="root",
            init=True,
            stdin_open=True,  # and only once: without `detach`, which would leave it open
            auto_remove=True,
            network=network,
            labels=dict(labels),
        )
    try:
        with explained(f"start a container of {image}"), held(container):
            container.start()
            found = Contained(container)
            found.lay(found.login, login.file())
            yield found
    finally:
        remove(container)


@contextmanager
def held(container: "Container") -> Iterator[None]:
    """Its input is ours, and ends with us. The library's own way lets the next request have the connection."""
    api: Any = container.client.api  # type: ignore[union-attr]
    url = api._url("/containers/{0}/attach", container.id)
    answer = api._post(url, params={"stdin": 1, "stream": 1}, stream=True)
    try:
        yield
    finally:
        answer.close()


def remove(container: "Container") -> None:
    """It is no more; it may have gone by itself."""
    from docker.errors import APIError, NotFound

    with explained("remove the container of the programs"):
        try:
            container.remove(force=True, v=True)
        except NotFound:
            return
        except APIError as error:
            if error.status_code != HTTPStatus.CONFLICT:  # it is being removed
                raise
