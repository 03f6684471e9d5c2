"""Events that left an outbox before the cut and may not have been taken after it: they lie in no database of a backup.

A confirmed event is deleted from its outbox, and its queue is of the time that is lost. The binary log has each as it
was written. After a restore all of the last minutes are laid into the outboxes again; who has taken one knows it.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from tradectl.backup.schemas import ours

if TYPE_CHECKING:
    from tradectl.backup.mysqldump import Dumped
    from tradectl.backup.programs import Programs

LATELY = timedelta(minutes=2)
"""Who has not taken an event after this time is looked after by the operator, with `tradectl audit`."""
INSERTED = re.compile(rb"^### INSERT INTO `([^`]+)`\.`outbox`$")
VALUE = re.compile(rb"^###   @([12])=(.*)$", re.DOTALL)
OTHER = re.compile(rb"^### (?:INSERT INTO|UPDATE|DELETE FROM) ")
ESCAPED = re.compile(rb"\\(.)")
MEANT = {b"n": b"\n", b"r": b"\r", b"b": b"\b", b"t": b"\t", b"0": b"\0"}
DECODED = ("--verbose", "--base64-output=decode-rows")


class Event(msgspec.Struct, frozen=True):
    """A row of a service's outbox; the envelope in base64."""

    service: str
    id: int
    envelope: str


class Events:
    """Sees a decoded binary log line by line."""

    def __init__(self) -> None:
        self.found: list[Event] = []
        self._service: str | None = None
        self._id = 0

    def see(self, line: bytes) -> None:
        if begun := INSERTED.match(line):
            schema = begun[1].decode()
            self._service = schema if ours(schema) else None
        elif OTHER.match(line):
            self._service = None
        elif self._service is not None and (value := VALUE.match(line)):
            self._take(self._service, value[1], value[2])

    def _take(self, service: str, column: bytes, value: bytes) -> None:
        if column == b"1":
            self._id = int(value)
        else:
            self.found.append(Event(service, self._id, b64encode(unquoted(value)).decode()))


def unquoted(value: bytes) -> bytes:
    """A text of the log as bytes: quotes, backslashes and control characters are written as in C."""
    return ESCAPED.sub(lambda found: MEANT.get(found[1], found[1]), value[1:-1])


def lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Without their ends."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole
    if rest:
        yield rest


def lately(run: "Programs", dumped: "Dumped") -> Iterator[bytes]:
    """The events of the last minutes of a dump, a JSON document a line."""
    names = [line.split(b"\t")[0].decode() for line in lines(run.output("mysql", "-BNe", "SHOW BINARY LOGS"))]
    since = datetime.now(UTC) - LATELY
    first = names[max(0, names.index(dumped.log) - 1)]
    seen = Events()
    for line in lines(
        run.output(
            "mysqlbinlog",
            "--read-from-remote-server",
            "--to-last-log",
            *DECODED,
            f"--include-gtids={dumped.gtid}",
            f"--start-datetime={since:%Y-%m-%d %H:%M:%S}",
            first,
        )
    ):
        seen.see(line)
    yield from encoded(seen.found)


def encoded(found: Sequence[Event]) -> Iterator[bytes]:
    return (msgspec.json.encode(event) + b"\n" for event in found)


def decoded(document: bytes) -> list[Event]:
    return [msgspec.json.decode(line, type=Event) for line in document.splitlines()]


def statements(found: Iterable[Event]) -> Iterator[bytes]:
    """SQL that lays them into the outboxes again, where they do not lie there still."""
    for event in found:
        values = f"{event.id}, FROM_BASE64('{event.envelope}')"
        yield f"INSERT IGNORE INTO `{event.service}`.outbox (id, envelope) VALUES ({values});\n".encode()  # noqa: S608
