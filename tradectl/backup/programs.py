"""The database's own programs, in a container of the database's image, on the network of its server."""

import io
import socket
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tradectl.backup.sealing import Readable
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.containers.engine import connect, explained
from tradectl.stack.containers.images import settled, used
from tradectl.stack.containers.owner import Owner, home_of
from tradectl.stack.containers.passwords import passwords
from tradectl.stack.state import Sandbox

if TYPE_CHECKING:
    from docker.models.containers import Container

LOGIN = "/tradectl/login.cnf"
ROLE = "backup"
PIECE = 1 << 16
STDERR = 2
HEAD = 8
"""Bytes before a frame."""
LAST_WORDS = 300


@dataclass(frozen=True)
class Login:
    """How a program reaches a server; it lies in the container as a file that root alone can read."""

    host: str
    user: str
    password: str = field(repr=False)
    port: int = 3306

    def file(self) -> bytes:
        lines = [f"{name}={value}" for name, value in vars(self).items()]
        return "\n".join(["[client]", *lines, ""]).encode()


@dataclass(frozen=True)
class Programs:
    """Runs mysqldump, mysqlbinlog and mysql; what they write to stderr is in the error when they fail."""

    container: "Container"

    def output(self, program: str, *arguments: str) -> Iterator[bytes]:
        """What it writes, as it comes."""
        return self._written(program, [program, f"--defaults-extra-file={LOGIN}", *arguments])

    def feed(self, source: Readable, program: str, *arguments: str) -> None:
        """Give it all of a source."""
        run = self._made([program, f"--defaults-extra-file={LOGIN}", *arguments], stdin=True)
        with explained(f"run {program}"), self._started(run) as wire:
            wire.send(source)
            errors = b"".join(said for kind, said in wire.frames() if kind == STDERR)
        self._check(run, program, errors)

    def _written(self, program: str, command: Sequence[str]) -> Iterator[bytes]:
        run, errors = self._made(command), b""
        with explained(f"run {program}"), self._started(run) as wire:
            for kind, said in wire.frames():
                if kind == STDERR:
                    errors += said
                else:
                    yield said
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

    def answer(self, question: str) -> str:
        """What the server answers to a question of one row."""
        return b"".join(self.output("mysql", "-BNe", question)).decode().rstrip("\n")

    def shell(self, script: str) -> Iterator[bytes]:
        """What a script in the container writes."""
        return self._written("sh", ["sh", "-c", script])

    def answer_of(self, script: str) -> str:
        return b"".join(self.shell(script)).decode(errors="replace")

    def read(self, path: str, start: int, most: int) -> bytes:
        """So many bytes of a file in the container, from a place on."""
        return b"".join(self.shell(f"tail -c +{start + 1} '{path}' | head -c {most}"))

    def begin(self, script: str) -> None:
        """Have a script run by itself; it ends with the container."""
        run = self._made(["sh", "-c", script])
        with explained("run a shell"):
            self._api.exec_start(run, detach=True)

    def lay(self, path: str, content: bytes) -> None:
        """A file in the container, for root alone."""
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
        if code:
            said = " ".join(errors.decode(errors="replace").split())[-LAST_WORDS:]
            hint = "`tradectl ps` says how the primary is; backups made before are as they were"
            raise TradectlError(f"{program} ended with {code}: {said}", hint, ExitCode.NOT_UP)


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
def programs(sandbox: Sandbox, host: str = "primary", *, name: str = ROLE) -> Iterator[Programs]:
    """For as long as they are needed, as the server's root."""
    secrets = passwords(sandbox)
    owner = Owner(sandbox.name, home_of(sandbox), secrets.life)
    image = settled(used(sandbox))["percona"]
    with explained(f"start a container of {image}"):
        client = connect()
        container = client.containers.run(
            image,
            ["-c", "trap 'exit 0' TERM; while :; do sleep 1; done"],
            entrypoint="sh",
            user="root",
            init=True,
            detach=True,
            network=owner.name(),
            labels=owner.labels(name),
        )
    try:
        found = Programs(container)
        found.lay(LOGIN, Login(host, "root", secrets.root).file())
        yield found
    finally:
        with explained("remove the container of the programs"):
            container.remove(force=True, v=True)
