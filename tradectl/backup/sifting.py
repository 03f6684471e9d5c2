"""A log without what others did on the same server: their rows, their tables, their schemas, and anybody's accounts.

Of a transaction of others an empty one is left: its GTID counts as executed, and what it SET holds for the next.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from tradectl.backup.schemas import names_ours, ours

END = b"/*!*/;"
ENDS = {b"COMMIT", b"ROLLBACK"}
NOTHING = (b"BEGIN/*!*/;", b"COMMIT/*!*/;")
TABLE = re.compile(rb"^#\d.*\bTable_map: `([^`]+)`\.")
ROWS = b"BINLOG "
USE = re.compile(rb"^use `([^`]+)`")
FRAME = re.compile(rb"^(?:/\*!\d* ?)?(?:SET|\\C)\b|^(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT|DELIMITER)\b")
SCHEMA = re.compile(
    r"\s*(?:CREATE|DROP|ALTER)\s+(?:DATABASE|SCHEMA)\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?`?([^\s`;/]+)", re.IGNORECASE
)
ACCOUNTS = re.compile(r"\s*(?:GRANT|REVOKE|(?:CREATE|ALTER|DROP|RENAME)\s+(?:USER|ROLE))\b", re.IGNORECASE)


class Sifting:
    """Sees what mysqlbinlog writes, comments too, a transaction after the other."""

    def __init__(self) -> None:
        self._inside = True
        """Whether the schema in USE is ours."""
        self._tables = list[bool]()
        """Whether it is ours, of each table of the rows that come next."""
        self._begun = False

    def passed(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """What is ours of it, and what holds it together."""
        rest = iter(lines)
        for line in rest:
            if line.startswith(b"#") or not line:
                if found := TABLE.match(line):
                    self._tables.append(ours(found[1].decode()))
                yield line
            else:
                yield from self._kept([line, *([] if line.endswith(END) else _until_end(rest))])

    def _kept(self, statement: Sequence[bytes]) -> Sequence[bytes]:
        first = statement[0]
        if first.startswith(ROWS):
            tables, self._tables = self._tables, []
            return statement if any(tables) or not tables else ()
        if found := USE.match(first):
            self._inside = ours(found[1].decode())
            return statement if self._inside else ()
        if frame := FRAME.match(first):
            self._begun = frame[0] == b"BEGIN" or (self._begun and frame[0] not in ENDS)
            return statement
        if self._concerns(b"\n".join(statement).decode(errors="replace")):
            return statement
        return () if self._begun else NOTHING

    def _concerns(self, statement: str) -> bool:
        """Whether it changes something of ours; what cannot be told does."""
        if ACCOUNTS.match(statement):
            return False
        if found := SCHEMA.match(statement):
            return ours(found[1])
        return self._inside or names_ours(statement)


def _until_end(lines: Iterator[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield line
        if line.endswith(END):
            return
