"""The database's programs as processes of this machine or container."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from tradectl.backup.programs.login import Login
from tradectl.backup.programs.programs import Programs, check
from tradectl.backup.sealing import Readable

PIECE = 1 << 16
NAMES = ("mysqldump", "mysqlbinlog", "mysql")


class Local(Programs):
    """See Programs."""

    def __init__(self, folder: Path, login: Login) -> None:
        self.folder = str(folder)
        self.login = str(folder / "login.cnf")
        self._begun: list[subprocess.Popen[bytes]] = []
        self.lay(self.login, login.file())

    def written(self, program: str, command: Sequence[str]) -> Iterator[bytes]:
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, bufsize=0
            )
            try:
                while process.stdout and (piece := process.stdout.read(PIECE)):
                    yield piece
            finally:
                _end(process)
            check(program, process.returncode, _said(errors))

    def fed(self, source: Readable, program: str, command: Sequence[str]) -> None:
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors, bufsize=0
            )
            try:
                with suppress(BrokenPipeError):  # one that has ended says why
                    while process.stdin and (piece := source.read(PIECE)):
                        _write(process.stdin.fileno(), piece)
                if process.stdin:
                    process.stdin.close()
                process.wait()
            finally:
                _end(process)
            check(program, process.returncode, _said(errors))

    def begin(self, script: str) -> None:
        """In a group of its own, so that all of it can be ended; it ends by itself when this process is no more."""
        guarded = f"({script}) & while kill -0 {os.getpid()} 2>/dev/null && kill -0 $!; do sleep 1; done; kill 0"
        self._begun.append(
            subprocess.Popen(
                ["/bin/sh", "-c", guarded],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        )

    def lay(self, path: str, content: bytes) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)

    def end(self) -> None:
        """What was begun is no more."""
        for process in self._begun:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def local(login: Login) -> Iterator[Local]:
    """For as long as they are needed."""
    with tempfile.TemporaryDirectory(prefix="tradectl-programs-") as folder:
        found = Local(Path(folder), login)
        try:
            yield found
        finally:
            found.end()


def _write(descriptor: int, piece: bytes) -> None:
    rest = memoryview(piece)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _end(process: subprocess.Popen[bytes]) -> None:
    """One that is not waited for any more is ended."""
    for stream in (process.stdin, process.stdout):
        if stream and not stream.closed:
            stream.close()
    if process.poll() is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
            return
        process.kill()
        process.wait()


def _said(errors: IO[bytes]) -> bytes:
    errors.seek(0)
    return errors.read()
