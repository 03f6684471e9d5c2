"""Internal pages, for the audit and for who waits until all is settled: GET /internal/state and /internal/settled."""

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Column, MetaData, Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.routing import Route

from services.contracts.errors import DomainError
from services.kernel import paging, seals
from services.kernel.responses import JSON
from services.runtime import faults

KEY_HEADER = "x-internal-key"
ROWS = 2_000
"""On a page of /internal/state unless asked otherwise."""
MOST = 20_000


@dataclass(frozen=True)
class StateQuery:
    """A table's rows in business order: ``select`` has neither order nor limit; ``key`` orders it and is unique.

    With ``sound`` only the keys of rows that are not as they were written are shown.
    """

    select: Select[Any]
    key: tuple[Column[Any], ...]
    sound: Callable[[Mapping[str, Any]], bool] | None = None

    async def rows(self, connection: AsyncConnection, after: paging.Key, limit: int) -> list[dict[str, Any]]:
        """At most so many rows after a key."""
        query = self.select.order_by(*self.key).limit(limit)
        if after:
            query = query.where(tuple_(*self.key) > tuple_(*after))
        return [dict(row) for row in (await connection.execute(query)).mappings()]

    def key_of(self, row: Mapping[str, Any]) -> paging.Key:
        return tuple(row[column.name] for column in self.key)


def tables_of(metadata: MetaData | None) -> dict[str, StateQuery]:
    """Every table of a service by its primary key, for services that show them as they are."""
    tables = metadata.sorted_tables if metadata is not None else []
    return {str(table.name): StateQuery(select(table), tuple(table.primary_key)) for table in tables}


def seals_of(metadata: MetaData) -> dict[str, StateQuery]:
    """Every table that has seals, so that they are looked at; none of its values is shown."""
    return {
        f"{table.name}.{seals.NAME}": StateQuery(select(table), tuple(table.primary_key), partial(seals.holds, table))
        for table in seals.sealed(metadata)
    }


@dataclass
class Page:
    """Rows by table, the keys of unsound ones, and the cursor of the next page."""

    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    unsound: list[dict[str, Any]] = field(default_factory=list)
    next: str | None = None

    def add(self, name: str, query: StateQuery, rows: list[dict[str, Any]]) -> None:
        """Rows of one table."""
        if query.sound is None:
            self.tables[name] = rows
            return
        table = name.partition(".")[0]
        broken = [row for row in rows if not query.sound(row)]
        self.unsound += [
            {"table": table, "row": {column.name: row[column.name] for column in query.key}} for row in broken
        ]


def guard(request: Request) -> None:
    """Dependency: to who has not the sandbox's key there is nothing here."""
    key: str = request.app.state.key
    if not key or not hmac.compare_digest(request.headers.get(KEY_HEADER, "").encode(), key.encode()):
        raise DomainError("not_found", 404, "Not Found")


async def page_of(connection: AsyncConnection, tables: Mapping[str, StateQuery], after: str | None, limit: int) -> Page:
    """Rows of one table after another until the page is full."""
    names = list(tables)
    start, key = position(after, names)
    page = Page()
    for name in names[start:]:
        rows = await tables[name].rows(connection, key, limit)
        page.add(name, tables[name], rows)
        limit -= len(rows)
        if limit <= 0:
            page.next = paging.encode((name, *tables[name].key_of(rows[-1])))
            break
        key = ()
    return page


def position(after: str | None, names: list[str]) -> tuple[int, paging.Key]:
    """Index of the table that the cursor stands in, and the key of its last row seen."""
    if after is None:
        return 0, ()
    name, *key = paging.decode(after)
    if name not in names:
        raise paging.BadCursor
    return names.index(str(name)), tuple(key)


Settled = Callable[[], Awaitable[dict[str, object]]]
StatePage = Callable[[str | None, int], Awaitable[dict[str, Any]]]


def pages(state: StatePage, settled: Settled, name: str) -> list[Route]:
    """The internal pages' routes."""

    async def get_state(request: Request) -> JSON:
        guard(request)
        asked = request.query_params
        return JSON(await state(asked.get("after"), limit_of(asked.get("limit", str(ROWS)))))

    async def get_settled(request: Request) -> JSON:
        guard(request)
        return JSON(await settled())

    async def disturb(request: Request) -> JSON:
        guard(request)
        asked = request.query_params.get("id")
        status, document = faults.answered(faults.of(name), request.method, asked, await request.body())
        return JSON(document, status)

    return [
        Route("/internal/state", get_state),
        Route("/internal/settled", get_settled),
        Route(faults.PAGE, disturb, methods=["GET", "POST", "DELETE"]),
    ]


def limit_of(text: str) -> int:
    """Rows on a page."""
    if not text.isdecimal() or not 0 < int(text) <= MOST:
        raise DomainError("invalid", 422, f"1 to {MOST} rows", field="limit")
    return int(text)
