"""A service's own copy of what a peer knows: filled by asking until there is an answer, kept by events from then on.

Each process fills it at its start, while another one, or its own consumer, may apply events: an answer that may be
older than what an event has written meanwhile is thrown away, and asked for again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import Table, select

from services.contracts.errors import DomainError
from services.kernel.lost import is_lost
from services.kernel.service import Service
from services.kernel.uow import UnitOfWork

T = TypeVar("T")
PAUSE = 0.2
"""Seconds between two attempts."""


async def asked(
    service: Service, peer: str, path: str, kind: type[T], query: Mapping[str, str | int] | None = None
) -> T:
    """A peer's internal page, whenever there is one: who cannot go on without it waits here."""
    while True:
        try:
            page = await service.peers[peer].json("GET", path, query=query, internal=True)
            return msgspec.convert(page, kind)
        except DomainError as why:
            service.log.info("a peer gives no answer yet", peer=peer, path=path, why=why.detail)
        await asyncio.sleep(PAUSE)


class Copy(Generic[T]):
    """``run`` is a loop for life: it fills the copy, then rests. Readiness waits for it; an earlier run's will do."""

    def __init__(
        self,
        service: Service,
        peer: str,
        path: str,
        kind: type[list[T]],
        fill: Callable[[UnitOfWork, Sequence[T]], Awaitable[None]],
        table: Table,
    ) -> None:
        """``fill`` writes the table."""
        self._service = service
        self._peer = peer
        self._path = path
        self._kind = kind
        self._fill = fill
        self._rows = select(table).order_by(*table.primary_key)

    async def check(self) -> str | None:
        """For /ready: what is missing."""
        return None if await self._known() else f"nothing of {self._peer}{self._path} yet"

    async def run(self) -> None:
        """Fill the copy."""
        while True:
            if await self._filled():
                await asyncio.Event().wait()
            await asyncio.sleep(PAUSE)

    async def _filled(self) -> bool:
        try:
            before = await self._known()
            rows = await asked(self._service, self._peer, self._path, self._kind)
            if not await self._service.database.transact(self._fill_unchanged, before, rows):
                return False
        except Exception as error:
            if not is_lost(error):
                raise
            self._service.log.warning("a copy is not stored", path=self._path, error=str(error))
            return False
        self._service.log.info("copied", peer=self._peer, path=self._path, rows=len(rows))
        return bool(rows)

    async def _known(self) -> Sequence[Any]:
        async with self._service.database.reading() as connection:
            return (await connection.execute(self._rows)).all()

    async def _fill_unchanged(self, uow: UnitOfWork, before: Sequence[Any], rows: Sequence[T]) -> bool:
        """Whether the copy was as it had been before the peer was asked."""
        if (await uow.execute(self._rows.with_for_update())).all() != before:
            return False
        await self._fill(uow, rows)
        return True
