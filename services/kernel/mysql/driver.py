"""What SQLAlchemy takes for the driver: a connection of asyncmy's that opens itself anew, with cursors that hold rows.

The rows of an INSERT go in one statement, the rows of any other in one packet of statements: what costs is the way
there and back. asyncmy's own cursors go once a row. What is put off goes with the next statement that is not.
"""

import asyncio
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from asyncmy import connection, errors
from asyncmy.constants import CLIENT, FIELD_TYPE
from asyncmy.converters import conversions, escape_bytes_prefixed, escape_item, escape_string
from sqlalchemy import URL
from sqlalchemy.util.concurrency import await_

from services.kernel.connections import Terms
from services.kernel.lost import is_lost_database
from services.kernel.mysql.packet import ONE_ROW, Late, Packet
from services.kernel.settings import Store

DRIVER: Any = connection.Connection
VALUES = re.compile(r"(.*?\sVALUES\s*)(\((?:%s|[\s,])+\))(.*)", re.DOTALL)
PACKET = 1_000_000
"""Characters of a statement of many rows."""
GONE = frozenset({0, 2006, 2013, 2014, 2055})
"""Codes after which there is no connection any more."""
READ_ONLY = frozenset({1290, 1836})
DEADLOCKS = frozenset({1213, 1205})
"""A deadlock, or another transaction's row that stays locked."""


@dataclass(frozen=True)
class Target:
    """Where to connect to, and as what."""

    url: URL
    session: str
    """SQL for every new connection."""
    settings: Store
    patient: bool = False
    """Whether a statement may take any time, as one that changes a schema may."""


class ServerCursor:
    """Holds all rows of a result: it outlives its transaction."""

    __slots__ = ("_connection", "_rows", "arraysize", "description", "lastrowid", "rowcount")

    def __init__(self, connection: "ServerConnection") -> None:
        self._connection = connection
        self._rows: deque[Any] = deque()
        self.arraysize = 1
        self.description: Any = None
        self.lastrowid = 0
        self.rowcount = -1

    async def run(self, statement: str, parameters: Sequence[Any] | None, *, last: bool = False) -> None:
        """Execute one statement, and end the transaction that only reads where it is the last."""
        if parameters is not None:
            statement %= tuple(map(literal, parameters))
        await self._ask(statement, last=last)

    async def put_off(self, statement: str, rows: Sequence[Sequence[Any]], terms: Terms) -> None:
        """Have a statement executed for each row at the latest before the commit; see ``UnitOfWork.later``."""
        checked = f"{statement};{ONE_ROW}" if terms.one else statement
        for text, results in rendered(checked, rows):
            await self._connection.put_off(Late(text, 2 * results if terms.one else results, terms))

    async def run_many(self, statement: str, rows: Sequence[Sequence[Any]]) -> int:
        """Execute a statement for each row; ``rowcount`` is the sum."""
        count = 0
        for text, _ in rendered(statement, rows):
            await self._ask(text)
            count += self.rowcount
        self.rowcount = count
        return count

    def execute(self, statement: str, parameters: Sequence[Any] | None = None) -> None:
        """As `run`, in one of SQLAlchemy's greenlets; what may be passed over counts as done."""
        try:
            await_(self.run(statement, parameters))
        except errors.Error as error:
            if error.args[0] not in self._connection.passes_over:
                raise
            self.description, self.rowcount = None, 0

    def executemany(self, statement: str, rows: Sequence[Sequence[Any]]) -> int:
        """As `run_many`, in one of SQLAlchemy's greenlets."""
        return await_(self.run_many(statement, rows))

    def fetchone(self) -> Any:
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        return [self._rows.popleft() for _ in range(min(size or self.arraysize, len(self._rows)))]

    def fetchall(self) -> list[Any]:
        rows = list(self._rows)
        self._rows.clear()
        return rows

    def close(self) -> None:
        self._rows.clear()

    async def _async_soft_close(self) -> None:
        """What SQLAlchemy's asyncio extension does when it leaves its greenlet."""

    async def _ask(self, statement: str, *, last: bool = False) -> None:
        self.take(await self._connection.query(statement, last=last))

    def take(self, results: Sequence[Any]) -> None:
        """Hold what the server answered."""
        answer = results[-1]
        self.description = answer.description
        self.lastrowid = answer.insert_id
        self.rowcount = sum([result.affected_rows for result in results])
        self._rows = deque(answer.rows or ())


class ServerConnection:
    """Autocommit is off: whatever is asked first begins a transaction."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._raw: Any = None
        self._silent = False
        self.asked = False
        """A transaction may be under way."""
        self.late = Packet()
        """What is to go with the next statement."""
        self.ended: errors.Error | None = None
        """Why the server has ended the transaction."""
        self.passes_over: frozenset[int] = frozenset()
        """Codes of errors that say that a change of the schema was made before."""

    @property
    def _connection(self) -> "ServerConnection":
        """What the dialect takes for the driver's own connection."""
        return self

    def cursor(self, server_side: bool = False) -> ServerCursor:
        if server_side:
            raise errors.NotSupportedError("rows are not streamed")
        return ServerCursor(self)

    async def query(self, *statements: str, last: bool = False) -> list[Any]:
        """Results of the statements, of which each may be several; what was put off goes before them.

        A connection that was lost while nothing was under way is opened anew, unseen. After the last ones nothing is
        under way.
        """
        results: list[Any] = await self._query([*statements, "ROLLBACK"] if last else statements)
        self.asked = not last
        return results[:-1] if last else results

    async def _query(self, statements: Sequence[str]) -> list[Any]:
        packet, self.late = self.late.with_all(statements), Packet()
        if self._raw is None:
            await self.open()
        first, self.asked = not self.asked, True
        try:
            return await self._results(packet)
        except errors.Error:
            if not first or self._raw is not None or self._silent:
                raise
        self.ended = None
        await self.open()
        return await self._results(packet)

    async def put_off(self, late: Late) -> None:
        """Have it go with the next query, or now where a packet is full."""
        self.late.add(late)
        if self.late.size > PACKET:
            await self.query()

    async def end(self, how: str) -> None:
        """COMMIT or ROLLBACK, after what was put off; after this nothing is under way."""
        packet, self.late = self.late.with_all([how]), Packet()
        await self._results(packet)
        self.asked = False

    async def back_out(self) -> None:
        """Undo what is under way, at the worst with the connection."""
        self.late = Packet()
        if self._raw is not None and self.asked:
            try:
                await self._answers("ROLLBACK")
            except errors.Error:
                self.lose()
        self.asked = False

    async def open(self) -> None:
        """Connect."""
        settings, url = self._target.settings, self._target.url
        raw = DRIVER(**arguments(url))
        try:
            async with asyncio.timeout(settings.connect_timeout):
                await raw.connect()
                await raw.query(self._target.session)
        except BaseException as error:
            raw.close()
            # RuntimeError: asyncmy asks a transport for its socket that was reset as soon as it stood.
            if isinstance(error, TimeoutError | OSError | RuntimeError):
                raise errors.OperationalError(2003, f"{url.host}:{url.port} does not answer: {error!r}") from error
            raise
        self._raw = raw

    def lose(self) -> None:
        """Close at once, without a word to the server."""
        if self._raw is not None:
            self._raw.close()
        self._raw = None

    @property
    def is_open(self) -> bool:
        """Whether there is a connection, as far as is known here."""
        return self._raw is not None

    async def quit(self) -> None:
        """Close as one should."""
        if self._raw is not None:
            await self._raw.ensure_closed()
        self._raw = None

    async def _results(self, packet: Packet) -> list[Any]:
        """Those that somebody waits for."""
        answered: list[Any] = []
        try:
            await self._answers(packet.text, answered)
        except errors.Error as error:
            self._note(error)
            if self.ended is None:
                packet.blame(len(answered), error)
            raise
        return answered[packet.unasked :]

    async def _answers(self, statement: str, results: list[Any] | None = None) -> None:
        raw = self._raw
        results = [] if results is None else results
        if raw is None:
            raise errors.OperationalError(2006, "the connection is gone")
        self._silent = False
        watch = None
        if not self._target.patient:
            watch = asyncio.get_running_loop().call_later(self._target.settings.statement_timeout, self._give_up, raw)
        try:
            await raw.query(statement)
            results.append(raw._result)
            while results[-1].has_next:
                await raw.next_result()
                results.append(raw._result)
        except BaseException as error:
            if not isinstance(error, errors.Error) or error.args[0] in GONE:
                self.lose()
            raise
        finally:
            if watch is not None:
                watch.cancel()

    def _give_up(self, raw: Any) -> None:
        self._silent = True
        raw.close()

    def _note(self, error: errors.Error) -> None:
        """Remember that the transaction is over, if the error says so."""
        if error.args[0] in READ_ONLY:
            self.lose()  # by its name there may be another primary now
        if error.args[0] in DEADLOCKS or self._raw is None or is_lost_database(error):
            self.ended = error

    # What follows is for SQLAlchemy's greenlets: migrations.

    def commit(self) -> None:
        await_(self.end("COMMIT"))

    def rollback(self) -> None:
        await_(self.back_out())

    def close(self) -> None:
        await_(self.quit())

    def terminate(self) -> None:
        """What the pool does with a connection that nobody closed."""
        self.lose()

    def character_set_name(self) -> str:
        return "utf8mb4"


def arguments(url: URL) -> dict[str, Any]:
    """How asyncmy is to connect, by a socket where the URL names one.

    UPDATEs count the rows that they match, changed or not, as SQLite does.
    """
    return {
        "host": url.host,
        "port": url.port or 3306,
        "user": url.username,
        "password": url.password or "",
        "db": url.database,
        "unix_socket": url.query.get("unix_socket"),
        "charset": "utf8mb4",
        "autocommit": None,
        "client_flag": CLIENT.FOUND_ROWS,
        "conv": CONVERSIONS,
    }


def literal(value: object) -> str:
    """A value as SQL, in a session whose backslashes escape."""
    if isinstance(value, str):
        return f"'{escape_string(value)}'"
    return escape_bytes_prefixed(value) if isinstance(value, bytes) else escape_item(value, "utf8mb4")


def whole(text: str) -> int | Decimal:
    """A sum of integers is one."""
    return Decimal(text) if "." in text else int(text)


CONVERSIONS = {**conversions, FIELD_TYPE.NEWDECIMAL: whole, FIELD_TYPE.DECIMAL: whole}


def rendered(statement: str, rows: Iterable[Sequence[Any]]) -> Iterator[tuple[str, int]]:
    """The statement for all of the rows, as packets: text, and how many results come of it."""
    parts = parts_of(statement)
    template = parts[1] if parts else statement
    for packet in packets(template % tuple(map(literal, row)) for row in rows):
        yield (f"{parts[0]}{','.join(packet)}{parts[2]}", 1) if parts else (";".join(packet), len(packet))


def rendered_at_once(statement: str, rows: Sequence[Sequence[Any]]) -> tuple[str, int]:
    """As one packet, however large."""
    texts = list(rendered(statement, rows))
    return ";".join(text for text, _ in texts), sum(count for _, count in texts)


@cache
def parts_of(statement: str) -> tuple[str, str, str] | None:
    """An INSERT before its row, the row, and what follows; none for other statements."""
    found = VALUES.fullmatch(statement) if statement.startswith("INSERT") else None
    # What stands outside of the row is not formatted: SQLAlchemy doubles percent signs.
    return (found[1] % (), found[2], found[3] % ()) if found else None


def packets(rendered: Iterator[str]) -> Iterator[list[str]]:
    """Statements or rows, as many at a time as a packet holds."""
    packet: list[str] = []
    size = 0
    for text in rendered:
        if size + len(text) > PACKET and packet:
            yield packet
            packet, size = [], 0
        packet.append(text)
        size += len(text)
    if packet:
        yield packet
