"""The broker's record, followed: it has every execution once and without a hole, so nothing is ever missing long."""

import asyncio

from services.kernel.lease import Lease
from services.kernel.peers import Peer, PeerUnavailable
from services.kernel.service import Service
from services.orders.gateway import executions
from services.orders.gateway.rest.requests import SENDER
from services.orders.gateway.telling import Telling
from services.orders.handlers import rest

EVERY = 0.1
"""Seconds between two looks while nothing was given: what rests at the venue may trade."""


class Record:
    """Read from where it was left; the place is kept with what was read."""

    def __init__(self, service: Service, lease: Lease, telling: Telling) -> None:
        self._database = service.database
        self._broker: Peer = service.peers["broker.http"]
        self._lease = lease
        self._telling = telling
        self._due = asyncio.Event()
        self.lost: str | None = "the broker's record was not read yet"
        """Why it could not be read the last time."""

    def look(self) -> None:
        """There may be something new."""
        self._due.set()

    async def follow(self) -> None:
        """For life; PeerUnavailable while the broker does not answer."""
        while True:
            self._due.clear()
            try:
                await self._read()
            except PeerUnavailable as error:
                self.lost = str(error)
                raise
            self.lost = None
            try:
                async with asyncio.timeout(EVERY):
                    await self._due.wait()
            except TimeoutError:
                continue

    async def unread(self) -> int:
        """How many of our executions are still to be read; PeerUnavailable when the broker does not answer."""
        async for page in executions.since(self._broker, await self._place()):
            return sum(each.sender == SENDER for each in page)
        return 0

    async def _read(self) -> None:
        async for page in executions.since(self._broker, await self._place()):
            reports = [executions.report_of(execution, SENDER) for execution in page]
            ours = [report for report in reports if report]
            reported = await self._database.transact(rest.read, self._lease.fence, ours, page[-1].number)
            self._telling.reported(reported.told)

    async def _place(self) -> int:
        async with self._database.reading() as connection:
            return await rest.place(connection)
