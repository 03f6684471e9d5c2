"""Drop copy: a FIX session that is told every execution, whoever ordered, from the first one on, and takes no orders.

Nothing is numbered for it while its client is away: the venue's record has it all, and a mark how far it was told.
"""

import asyncio
import sqlite3
from collections.abc import Sequence

from services.fix import tags
from services.fix.message import Body
from services.fix.messages import BusinessMessageReject, ExecutionReport, Reject
from services.fix.session import Exchange, SessionNumbers, StoredMessage
from services.fix.store import SqliteStore
from services.fix.transport import Endpoint, NotLoggedOnError
from services.runtime.log import logger
from sim.broker.broker import Broker
from sim.broker.outbox import MARK, REACHED
from sim.broker.reports import Reporter
from sim.venue.journal import sealed
from sim.venue.orders import Execution

log = logger("broker")
HEARD = frozenset({BusinessMessageReject.MSG_TYPE, Reject.MSG_TYPE})
"""What is taken from the client; all else is answered as not supported."""
PAGE = 500
"""Executions of one transaction."""


class CopySession:
    """An Application of services.fix, for one client."""

    def __init__(self, broker: Broker, client: str) -> None:
        self.client = client
        self._venue = broker.venue
        self._store = SqliteStore(broker.venue.journal(), client)
        self._reporter = Reporter(broker.venue.instruments)
        self._news = asyncio.Event()
        broker.on_release(self._news.set)

    async def open(self) -> None:
        """Make the session's tables."""
        await self._venue.execute([], lambda _: self._store.create())

    async def load(self) -> SessionNumbers:
        """As the journal has them."""
        return self._store.load()

    async def stored(self, begin: int, end: int) -> Sequence[StoredMessage]:
        """For a resend."""
        return self._store.stored(begin, end)

    async def synchronised(self) -> None:
        """Only initiators are told."""

    async def commit(self, exchange: Exchange) -> None:
        """What a read brought: at most refusals, which change nothing."""
        for refusal in exchange.delivered:
            log.warning("the client refused a copy", client=self.client, refusal=repr(refusal))
        await self._venue.execute([], lambda _: self._store.keep(exchange))

    async def carry(self, endpoint: Endpoint) -> None:
        """A loop for life: while the client is there, tell it what it was not told."""
        while True:
            await endpoint.wait_logged_on()
            self._news.clear()
            try:
                while self._untold(1):
                    await endpoint.run(self._tell)
            except (NotLoggedOnError, OSError) as why:
                log.info("copies wait for their client", client=self.client, why=str(why))
                continue
            await self._news.wait()

    async def _tell(self, exchange: Exchange) -> None:
        page = self._untold(PAGE)

        def write(connection: sqlite3.Connection) -> None:
            exchange.send([copied(self._reporter.body(execution)) for execution in page])
            self._store.keep(exchange)
            connection.execute(MARK, sealed((self.client, page[-1].number)))

        await self._venue.execute([], write)

    def _untold(self, most: int) -> Sequence[Execution]:
        row = self._venue.journal().execute(REACHED, (self.client,)).fetchone()
        return self._venue.executions_since(row[0] if row else 0, most)


def copied(body: Body) -> Body:
    """The report as its own session has it, marked as a copy where FIX has a mark for it."""
    marked = body.msg_type == ExecutionReport.MSG_TYPE
    return body._replace(fields=[*body.fields, (tags.CopyMsgIndicator, "Y")]) if marked else body
