"""A client of the broker's FIX session that remembers what it was told."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from services.fix.message import Message
from services.fix.messages import ORDER_REPORTS, ExecutionReport, NewOrderSingle, Record, read
from services.fix.session import Exchange, Role, SessionNumbers, SessionSettings, StoredMessage
from services.fix.store import MemoryStore
from services.fix.transport import Endpoint, Initiator
from tests.eventually import eventually

R = TypeVar("R", bound=Record)
TIME = 1_723_100_400_000_000


class FixClient:
    """An Application whose store outlives its connections, as a client's database does."""

    def __init__(self, name: str = "ORDERS") -> None:
        self.name = name
        self.store = MemoryStore()
        self.told: list[Record] = []
        self.messages: list[Message] = []
        """The same as they came."""
        self.endpoint = Endpoint(
            SessionSettings(
                role=Role.INITIATOR, sender_comp_id=name, target_comp_id="BROKER", application=ORDER_REPORTS
            ),
            self,
        )

    async def load(self) -> SessionNumbers:
        return self.store.load()

    async def stored(self, begin: int, end: int) -> Sequence[StoredMessage]:
        return self.store.stored(begin, end)

    async def synchronised(self) -> None:
        return

    async def commit(self, exchange: Exchange) -> None:
        self.told += [read(message) for message in exchange.delivered]
        self.messages += exchange.delivered
        self.store.keep(exchange)

    @asynccontextmanager
    async def connected(self, port: int, timeout: float = 5.0) -> AsyncIterator["FixClient"]:
        async with Initiator(self.endpoint, "127.0.0.1", port):
            await asyncio.wait_for(self.endpoint.wait_synchronised(), timeout)
            yield self

    async def send(self, *records: Record, poss_resend: bool = False) -> None:
        async def work(exchange: Exchange) -> None:
            bodies = [record.body() for record in records]
            if poss_resend:
                bodies = [body._replace(fields=[(97, "Y"), *body.fields]) for body in bodies]
            exchange.send(bodies)
            self.store.keep(exchange)

        await self.endpoint.run(work)

    def of(self, kind: type[R], about: str, **wanted: Any) -> list[R]:
        """What was told of this kind about a ClOrdID."""
        return [
            record
            for record in self.told
            if isinstance(record, kind)
            and about in {getattr(record, "cl_ord_id", None), getattr(record, "business_reject_ref_id", None)}
            and all(getattr(record, name) == value for name, value in wanted.items())
        ]

    async def hears(self, kind: type[R], about: str, *, timeout: float = 5.0, **wanted: Any) -> R:
        """The first such record, when it has come."""
        return (await eventually(lambda: self.of(kind, about, **wanted), timeout))[0]

    async def hears_all(self, when: Callable[[list[ExecutionReport]], bool]) -> list[ExecutionReport]:
        """All execution reports, when they are complete."""

        def complete() -> list[ExecutionReport] | None:
            reports = [record for record in self.told if isinstance(record, ExecutionReport)]
            return reports if when(reports) else None

        return await eventually(complete, timeout=20)


def order(cl_ord_id: str, **fields: Any) -> NewOrderSingle:
    """Ten shares of Apple at the market."""
    terms: dict[str, Any] = {
        "account": "anna",
        "symbol": "AAPL",
        "side": "1",
        "order_qty": "10",
        "ord_type": "1",
        "transact_time": TIME,
    }
    return NewOrderSingle(cl_ord_id=cl_ord_id, **(terms | fields))
