"""The venue's journal: one SQLite file with the commands, the record, the tape and checkpoints.

Each row ends with a seal, the CRC of its values, so that the audit sees a value that somebody changed.
"""

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from services.contracts.clock import ClockState
from services.contracts.market import Trade
from sim.venue.live import Order
from sim.venue.orders import Command, Execution

EXECUTION = Execution.__struct_fields__
TABLES = {
    "meta": ("name", "text"),
    "commands": ("number", "batch", "time", "body"),
    "executions": EXECUTION,
    "trades": ("symbol", "trade_id", "time", "price", "quantity", "aggressor"),
    "marks": ("time", "symbol", "what"),
    "archive": ("sender", "cl_ord_id", "body"),
    "checkpoints": ("number", "time", "command", "execution", "body"),
    "progress": ("id", "time", "speed", "mode", "seqs"),
}
KEYS = {
    "meta": "name",
    "trades": "symbol, trade_id",
    "marks": "time, symbol, what",
    "archive": "sender, cl_ord_id",
    "progress": "id",
}
"""Primary keys that are not ``number``."""
INTEGERS = {"number", "batch", "time", "trade_id", "price", "quantity", "id", "command", "execution"} | {
    name for name in EXECUTION if "int" in str(Execution.__annotations__[name])
}
TAPE = 100_000
"""Trades of a symbol that are kept."""
PUT = {
    table: f"INSERT OR REPLACE INTO {table} VALUES ({', '.join('?' * (len(columns) + 1))})"  # noqa: S608 (our own names)
    for table, columns in TABLES.items()
}
SELECT = {
    table: "SELECT " + ", ".join(f'"{name}"' for name in columns) + f" FROM {table}"  # noqa: S608 (our own names)
    for table, columns in TABLES.items()
}

Row = tuple[Any, ...]


def sealed(row: Sequence[Any]) -> Row:
    """A row with its seal behind it."""
    return (*row, zlib.crc32(repr(tuple(row)).encode()))


class Journal:
    """The one connection of the venue; the broker's tables lie beside the venue's."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=2, cached_statements=256)
        self.connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-4000")
        for table, columns in TABLES.items():
            self.connection.execute(schema(table, columns))
        self._grow()

    def _grow(self) -> None:
        """A journal of before there were busts gets their column; a row that somebody changed stays one."""
        known = [name for _, name, *_ in self.connection.execute("PRAGMA table_info(executions)")]
        if known == [*EXECUTION, "seal"]:
            return
        with self.transaction():
            self.connection.execute("ALTER TABLE executions RENAME TO executions_before")
            self.connection.execute(schema("executions", EXECUTION))
            rows = self.connection.execute("SELECT * FROM executions_before ORDER BY number")
            self.connection.executemany(PUT["executions"], map(_grown, rows))
            self.connection.execute("DROP TABLE executions_before")

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def put(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Write rows, over those with the same key."""
        self.connection.executemany(PUT[table], map(sealed, rows))

    def rows(self, table: str, condition: str = "", values: Sequence[Any] = ()) -> list[Row]:
        """Rows without their seals."""
        return self.connection.execute(f"{SELECT[table]} {condition}", values).fetchall()

    def last(self, table: str) -> int:
        """The highest number in a table."""
        number: int | None = self.connection.execute(f"SELECT max(number) FROM {table}").fetchone()[0]  # noqa: S608
        return number or 0

    def prune(self) -> None:
        """Forget old checkpoints, and trades that nobody fetches any more."""
        self.connection.execute("DELETE FROM checkpoints WHERE number < (SELECT max(number) FROM checkpoints) - 1")
        newest = self.connection.execute("SELECT symbol, max(trade_id) FROM trades GROUP BY symbol").fetchall()
        old = [(symbol, trade_id - TAPE) for symbol, trade_id in newest if trade_id > TAPE]
        self.connection.executemany("DELETE FROM trades WHERE symbol = ? AND trade_id <= ?", old)

    # What the venue keeps

    def keep_progress(self, time: int, clock: ClockState, seqs: dict[str, int]) -> None:
        """How far the market is, how its clock goes, and the number of each symbol's last message."""
        self.put("progress", [(1, time, *course(clock), msgspec.json.encode(seqs).decode())])

    def keep_commands(self, first: int, time: int, commands: Sequence[Command]) -> None:
        rows = (
            (first + place, first, time, msgspec.json.encode(command).decode())
            for place, command in enumerate(commands)
        )
        self.put("commands", rows)

    def commands_after(self, number: int) -> list[tuple[int, int, Command]]:
        """Batch, time and command, in order."""
        rows = self.rows("commands", "WHERE number > ? ORDER BY number", (number,))
        return [(batch, time, msgspec.json.decode(body, type=Command)) for _, batch, time, body in rows]

    def keep_executions(self, executions: Iterable[Execution]) -> None:
        self.put("executions", (msgspec.structs.astuple(each) for each in executions if each.number))

    def executions_after(self, number: int, limit: int = -1) -> list[Execution]:
        return _executions(self.rows("executions", "WHERE number > ? ORDER BY number LIMIT ?", (number, limit)))

    def executions_numbered(self, numbers: Sequence[int]) -> list[Execution]:
        """Those that there are, in their order."""
        wanted = ", ".join("?" * len(numbers))
        return _executions(self.rows("executions", f"WHERE number IN ({wanted}) ORDER BY number", numbers))

    def keep_trades(self, trades: Iterable[Trade]) -> None:
        self.put("trades", ((t.symbol, t.trade_id, t.time, t.price, t.quantity, t.aggressor) for t in trades))

    def trades_after(self, symbol: str, trade_id: int, limit: int) -> list[Trade]:
        condition = "WHERE symbol = ? AND trade_id > ? ORDER BY trade_id LIMIT ?"
        names = TABLES["trades"]
        return [
            Trade(**dict(zip(names, row, strict=True)), seq=0, prev_seq=0)
            for row in self.rows("trades", condition, (symbol, trade_id, limit))
        ]

    def archive(self, names: Iterable[tuple[tuple[str, str], Order]]) -> None:
        """Orders that have ended, by each of their ids."""
        self.put("archive", ((*name, msgspec.json.encode(order).decode()) for name, order in names))

    def archived(self, sender: str, cl_ord_id: str) -> Order | None:
        rows = self.rows("archive", "WHERE sender = ? AND cl_ord_id = ?", (sender, cl_ord_id))
        return msgspec.json.decode(rows[0][2], type=Order) if rows else None


def _grown(row: Row) -> Row:
    """A row of the record with the columns that came last; its seal, where it held, holds again."""
    grown = (*row[:-1], *([""] * (len(EXECUTION) + 1 - len(row))))
    return sealed(grown) if sealed(row[:-1]) == row else (*grown, row[-1])


def _executions(rows: Sequence[Row]) -> list[Execution]:
    return [Execution(**dict(zip(EXECUTION, row, strict=True))) for row in rows]


def course(clock: ClockState) -> tuple[str, str]:
    """Speed and mode with which a start goes on; what was on the way to a moment stands then."""
    return str(clock.speed), clock.mode if clock.until is None else "paused"


def schema(table: str, columns: Sequence[str]) -> str:
    """STRICT is left out: SQLite keeps what it is given, and the seal sees a type that changed."""
    key = KEYS.get(table, "number")
    kinds = ", ".join(f'"{name}" {kind(name)}' for name in (*columns, "seal"))
    rowless = "" if key == "number" else "WITHOUT ROWID"
    return f"CREATE TABLE IF NOT EXISTS {table} ({kinds}, PRIMARY KEY ({key})) {rowless}"


def kind(name: str) -> str:
    return "INTEGER" if name in INTEGERS or name == "seal" else "BLOB" if name == "body" else "TEXT"
