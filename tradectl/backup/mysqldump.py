"""What a dump says of itself while it passes: rows of each table, the GTIDs that are in it, where the log goes on."""

import re

DATABASE = re.compile(rb"^USE `([^`]+)`;")
INSERT = re.compile(rb"^INSERT (?:IGNORE )?INTO `([^`]+)` VALUES ")
TEXT = re.compile(rb"'(?:[^'\\]|\\.|'')*'", re.DOTALL)
GTID = re.compile(rb"SET @@GLOBAL\.GTID_PURGED=[^']*(?:'\+'\*/ )?'([^']*)';")
SOURCE = re.compile(rb"(?:SOURCE|MASTER)_LOG_FILE='([^']+)'")
HEAD = 64 << 10
"""Bytes at the begin in which GTIDs and log are said."""
END = b"-- Dump completed"

OPTIONS = (
    "--single-transaction",
    "--set-gtid-purged=ON",
    "--source-data=2",
    "--hex-blob",
    "--no-tablespaces",
    "--comments",
    "--default-character-set=utf8mb4",
    "--max-allowed-packet=64M",
)


class Dumped:
    """Sees a dump piece by piece. A statement is a line: what a text holds of line ends is escaped in it."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self.whole = False
        self._head = b""
        self._line = bytearray()
        self._database = ""

    @property
    def gtid(self) -> str:
        found = GTID.search(self._head)
        return "".join(found[1].decode().split()) if found else ""

    @property
    def log(self) -> str:
        found = SOURCE.search(self._head)
        return found[1].decode() if found else ""

    def see(self, piece: bytes) -> None:
        if len(self._head) < HEAD:
            self._head += piece[: HEAD - len(self._head)]
        self._line += piece
        if b"\n" in piece:
            *lines, rest = bytes(self._line).split(b"\n")
            self._line = bytearray(rest)
            for line in lines:
                self._take(line)

    def _take(self, line: bytes) -> None:
        if found := INSERT.match(line):
            table = f"{self._database}.{found[1].decode()}"
            self.rows[table] = self.rows.get(table, 0) + rows_in(line[found.end() :])
        elif found := DATABASE.match(line):
            self._database = found[1].decode()
        elif line.startswith(b"CREATE TABLE `"):
            self.rows.setdefault(f"{self._database}.{line.split(b'`')[1].decode()}", 0)
        elif line.startswith(END):
            self.whole = True


def rows_in(values: bytes) -> int:
    """How many rows stand after VALUES."""
    return TEXT.sub(b"", values).count(b"),(") + 1
