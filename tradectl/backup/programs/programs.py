"""What is asked of the database's programs, wherever they run."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

from tradectl.backup.sealing import Readable
from tradectl.errors import ExitCode, TradectlError

LAST_WORDS = 300


class Programs(ABC):
    """Runs mysqldump, mysqlbinlog and mysql; what they write to stderr is in the error when they fail.

    ``login`` and ``folder`` are paths where they run: how they reach the server, and a place of their own.
    """

    login: str
    folder: str

    def output(self, program: str, *arguments: str) -> Iterator[bytes]:
        """What it writes, as it comes."""
        return self.written(program, [program, f"--defaults-extra-file={self.login}", *arguments])

    def feed(self, source: Readable, program: str, *arguments: str) -> None:
        """Give it all of a source."""
        self.fed(source, program, [program, f"--defaults-extra-file={self.login}", *arguments])

    def answer(self, question: str) -> str:
        """What the server answers to a question."""
        return b"".join(self.output("mysql", "-BNe", question)).decode().rstrip("\n")

    def say(self, statement: str) -> None:
        """Have the server do something."""
        self.answer(statement)

    def answer_of(self, script: str) -> str:
        """What a script writes."""
        return b"".join(self.written("sh", ["sh", "-c", script])).decode(errors="replace")

    def read(self, path: str, start: int, most: int) -> bytes:
        """So many bytes of a file, from a place on."""
        return b"".join(self.written("sh", ["sh", "-c", f"tail -c +{start + 1} '{path}' | head -c {most}"]))

    @abstractmethod
    def written(self, program: str, command: Sequence[str]) -> Iterator[bytes]:
        """What a command writes, as it comes."""

    @abstractmethod
    def fed(self, source: Readable, program: str, command: Sequence[str]) -> None:
        """Give a command all of a source."""

    @abstractmethod
    def begin(self, script: str) -> None:
        """Have a script run by itself; it ends with this."""

    @abstractmethod
    def lay(self, path: str, content: bytes) -> None:
        """A file there, for its user alone."""


def check(program: str, code: int, errors: bytes) -> None:
    """TradectlError with its last words when it has failed."""
    if code:
        said = " ".join(errors.decode(errors="replace").split())[-LAST_WORDS:]
        hint = "`tradectl ps` says how the primary is; backups made before are as they were"
        raise TradectlError(f"{program} ended with {code}: {said}", hint, ExitCode.NOT_UP)
