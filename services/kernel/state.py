"""Internal pages, for the audit and for who waits until all is settled: GET /internal/state and /internal/settled."""

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy import Column, MetaData, Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.errors import DomainError
from services.kernel import paging
from services.kernel.responses import JSON

KEY_HEADER = "x-internal-key"
ROWS = 2_000
"""On a page of /internal/state unless asked otherwise."""


@dataclass(frozen=True)
class StateQuery:
    """A table's rows in business order: ``select`` has neither order nor limit; ``key`` orders it and is unique."""

    select: Select[Any]
    key: tuple[Column[Any], ...]

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


def guard(request: Request) -> None:
    """Dependency: who has not the sandbox's key sees no page here."""
    key: str = request.app.state.key
    if not key or not hmac.compare_digest(request.headers.get(KEY_HEADER, "").encode(), key.encode()):
        raise DomainError("not_found", 404, "Not Found")


async def page_of(
    connection: AsyncConnection, tables: Mapping[str, StateQuery], after: str | None, limit: int
) -> tuple[dict[str, list[dict[str, Any]]], str | None]:
    """Rows of one table after another until the page is full, and the cursor of the next page."""
    names = list(tables)
    start, key = position(after, names)
    found: dict[str, list[dict[str, Any]]] = {}
    for name in names[start:]:
        rows = await tables[name].rows(connection, key, limit)
        found[name] = rows
        limit -= len(rows)
        if limit <= 0:
            return found, paging.encode((name, *tables[name].key_of(rows[-1])))
        key = ()
    return found, None


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


def router(state: StatePage, settled: Settled) -> APIRouter:
    """The internal pages' routes."""
    routes = APIRouter(prefix="/internal", dependencies=[Depends(guard)], include_in_schema=False)

    @routes.get("/state")
    async def get_state(after: paging.Cursor = None, limit: Annotated[int, Query(ge=1, le=20_000)] = ROWS) -> JSON:
        return JSON(await state(after, limit))

    @routes.get("/settled")
    async def get_settled() -> JSON:
        return JSON(await settled())

    return routes
