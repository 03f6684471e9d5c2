"""After a lost session: ask what became of each open order, fetch what was missed, before anyone is told."""

import asyncio
from collections.abc import Iterable

from services.fix.session import Exchange
from services.fix.transport import Endpoint, NotLoggedOnError
from services.kernel.peers import PeerUnavailable
from services.kernel.service import Service
from services.orders.domain.order import Order
from services.orders.domain.reports import Report
from services.orders.gateway import executions, requests
from services.orders.gateway.session import NAME
from services.orders.gateway.telling import Telling
from services.orders.handlers import reporting, session

ASKED = 200
"""Orders asked for in one transaction."""
PAUSE = 1.0
"""Seconds between two attempts to reach the broker's record."""


class Recovery:
    """Two loops that sleep until something was lost."""

    def __init__(self, service: Service, telling: Telling, fence: session.Fence) -> None:
        self._service = service
        self._fence = fence
        self._telling = telling
        self._to_ask = asyncio.Event()
        self._to_fetch = asyncio.Event()
        self._missing: set[str] = set()
        self._fetching: set[str] = set()

    @property
    def missing(self) -> int:
        """Orders of which something is to be fetched."""
        return len(self._missing | self._fetching)

    def ask(self) -> None:
        """Both sides have finished their resends."""
        self._to_ask.set()

    def fetch(self, order_ids: Iterable[str]) -> None:
        """These orders miss fills."""
        self._missing.update(order_ids)
        self._to_fetch.set()

    async def keep_asking(self, endpoint: Endpoint) -> None:
        """For life: after each logon, a status request for each open order."""
        while True:
            await self._to_ask.wait()
            self._to_ask.clear()
            try:
                await self._ask_all(endpoint)
            except NotLoggedOnError:
                self._service.log.info("session lost while asking for open orders")
            except Exception:
                self.ask()
                raise

    async def _ask_all(self, endpoint: Endpoint) -> None:
        after: str | None = ""
        while after is not None:
            async with self._service.database.reading() as connection:
                orders = await session.open_orders(connection, after, ASKED)
            if orders:
                await self._ask(endpoint, orders)
            after = orders[-1].state.order_id if len(orders) == ASKED else None

    async def _ask(self, endpoint: Endpoint, orders: list[Order]) -> None:
        async def send(exchange: Exchange) -> None:
            exchange.send([requests.status_of(order) for order in orders])
            await self._service.database.transact(session.keep, self._fence, NAME, exchange)

        await endpoint.run(send)

    async def keep_fetching(self, _: Endpoint) -> None:
        """For life: what the broker's record has of orders that miss fills."""
        while True:
            await self._to_fetch.wait()
            self._to_fetch.clear()
            self._fetching, self._missing = self._missing, set()
            try:
                await self._fetch(self._fetching)
            except PeerUnavailable as why:
                self._service.log.warning("the broker's record is out of reach", why=str(why))
                self.fetch(self._fetching)
                await asyncio.sleep(PAUSE)
            except Exception:
                self.fetch(self._fetching)
                raise
            self._fetching = set()

    async def _fetch(self, wanted: set[str]) -> None:
        self._service.log.warning("fetching what no session brought", orders=len(wanted))
        found: list[Report] = []
        async for page in executions.since(self._service.peers["broker.http"], 0):
            reports = [executions.report_of(execution) for execution in page]
            found += [report for report in reports if report and report.order_id in wanted]
        reported = await self._service.database.transact(reporting.report, found)
        self._telling.reported(reported.told)
        if reported.missing:
            self._service.log.error("the broker's record lacks fills", orders=sorted(reported.missing))
