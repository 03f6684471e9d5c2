"""The journal page by page for the audit: rows, and those whose values do not fit their seal."""

from typing import Any

from sim.venue.journal import KEYS, TABLES, Journal, sealed

LISTED = ("commands", "executions", "marks")
"""Tables whose rows the page shows; of the others only what is unsound."""
PAGE = 5_000
ORDER = tuple(TABLES)


def page(journal: Journal, after: str) -> dict[str, Any]:
    """Rows after a cursor ``table:rows`` in the order of the tables; ``next`` is None at the end."""
    table, _, skipped = after.partition(":")
    table = table or ORDER[0]
    if table not in TABLES or not (skipped or "0").isdigit():
        raise ValueError(f"{after!r} is no cursor of this page")
    start = int(skipped or 0)
    rows = _rows(journal, table, start)
    return {
        "service": "venue",
        "tables": {table: [_shown(table, row) for row in rows] if table in LISTED else []},
        "unsound": [{"table": table, "row": _shown(table, row)} for row in rows if sealed(row[:-1]) != row],
        "seen": {},
        "next": _following(table, start, len(rows)),
    }


def _rows(journal: Journal, table: str, start: int) -> list[tuple[Any, ...]]:
    statement = f"SELECT * FROM {table} ORDER BY {KEYS.get(table, 'number')} LIMIT ? OFFSET ?"  # noqa: S608 (our names)
    journal.connection.text_factory = _any_text
    try:
        return journal.connection.execute(statement, (PAGE, start)).fetchall()
    finally:
        journal.connection.text_factory = str


def _any_text(stored: bytes) -> str:
    """What somebody changed need not be UTF-8."""
    return stored.decode(errors="replace")


def _shown(table: str, row: tuple[Any, ...]) -> dict[str, Any]:
    values = dict(zip(TABLES[table], row, strict=False))
    return {name: value for name, value in values.items() if not isinstance(value, bytes)}


def _following(table: str, start: int, found: int) -> str | None:
    if found == PAGE:
        return f"{table}:{start + PAGE}"
    place = ORDER.index(table) + 1
    return f"{ORDER[place]}:0" if place < len(ORDER) else None
