"""One FIX session of the broker: what a read brings, what it causes and what is said about it are one transaction."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Iterable, Sequence
from functools import partial

from services.fix.message import Body, Message
from services.fix.messages import (
    BusinessMessageReject,
    BusinessRejectReason,
    FieldMissingError,
    NewOrderSingle,
    OrderCancelReplaceRequest,
    OrderCancelRequest,
    OrderMassCancelRequest,
    OrderStatusRequest,
    Reject,
    read,
    rejected,
)
from services.fix.session import Exchange, SessionNumbers, StoredMessage
from services.fix.store import SqliteStore
from services.fix.transport import Endpoint
from services.runtime.faults import Faults
from services.runtime.killpoints import reach
from services.runtime.log import logger
from services.runtime.trace import Span
from sim.broker import masscancel, requests
from sim.broker.broker import Broker
from sim.broker.disturbing import refuse_by
from sim.broker.outbox import Outbox
from sim.broker.refusals import DUPLICATE, RefusedError
from sim.broker.reports import Reporter, change_refused, order_refused
from sim.broker.tracing import Tracing
from sim.venue.orders import Cancel, Command, NewOrder, Replace, Status

log = logger("broker")

DELIVERED = frozenset(
    record.MSG_TYPE
    for record in (
        NewOrderSingle,
        OrderCancelRequest,
        OrderCancelReplaceRequest,
        OrderStatusRequest,
        OrderMassCancelRequest,
        BusinessMessageReject,
        Reject,
    )
)


class Batch:
    """What one read asks for: commands in their order, and answers that need no venue."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.answers: list[Body] = []
        self.questions: deque[OrderStatusRequest | None] = deque()
        """One for each status command; none for that of a possible resend."""
        self.ids: set[str] = set()
        """ClOrdIDs that it uses."""

    def add(self, command: NewOrder | Cancel | Replace) -> None:
        """For the venue."""
        self.commands.append(command)
        self.ids.add(command.cl_ord_id)

    def ask(self, status: Status, question: OrderStatusRequest | None) -> None:
        """For the venue, to be answered as this question."""
        self.commands.append(status)
        self.questions.append(question)


class BrokerSession:
    """An Application of services.fix, for one client."""

    def __init__(self, broker: Broker, client: str, faults: Faults) -> None:
        self.client = client
        self._faults = faults
        self._broker = broker
        self._venue = broker.venue
        self._largest = broker.accounts.largest
        self._store = SqliteStore(broker.venue.journal(), client)
        self._outbox = Outbox(client)
        self._reporter = Reporter(broker.venue.instruments)
        self._tracing = Tracing()
        self._waiting = asyncio.Event()
        broker.carry(self._outbox, self._waiting.set)

    @property
    def unsent(self) -> int:
        """Executions that have no number of this session yet."""
        return len(self._outbox)

    @property
    def numbers(self) -> SessionNumbers:
        """As the journal has them."""
        return self._store.load()

    async def open(self) -> None:
        """Make the session's tables; what the last run left unsent is to be sent."""
        await self._venue.execute([], lambda _: self._store.create())
        self._waiting.set()

    async def load(self) -> SessionNumbers:
        """Numbers, and with them the executions that no number was given to."""
        self._outbox.restore(self._venue.journal(), self._venue.executions_since)
        return self._store.load()

    async def stored(self, begin: int, end: int) -> Sequence[StoredMessage]:
        """For a resend."""
        return self._store.stored(begin, end)

    async def synchronised(self) -> None:
        """Only initiators are told."""

    async def commit(self, exchange: Exchange) -> None:
        """What a read brought."""
        spans = self._tracing.begin(exchange.delivered)
        batch = self._batch(exchange.delivered)
        await self._execute(exchange, batch, spans.at_venue)
        spans.end()

    async def report(self, exchange: Exchange) -> None:
        """What happened unasked, unless a read has taken it along meanwhile."""
        if self._outbox:
            await self._execute(exchange, Batch())

    async def carry_reports(self, endpoint: Endpoint) -> None:
        """A loop for life: number what waits, whether the client is there or not."""
        while True:
            await self._waiting.wait()
            self._waiting.clear()
            try:
                await endpoint.run(self.report)
            except OSError as error:  # numbered and stored; the peer is gone or does not read
                log.warning("reports wait for a resend", client=self.client, error=str(error))

    async def _execute(self, exchange: Exchange, batch: Batch, spans: Sequence[Span] = ()) -> None:
        reach("fix.before_commit")
        await self._broker.execute(batch.commands, partial(self._write, exchange, batch), spans)

    def _write(self, exchange: Exchange, batch: Batch, connection: sqlite3.Connection) -> None:
        exchange.send(batch.answers)
        exchange.send(self._reports(batch, connection))
        self._store.keep(exchange)

    def _reports(self, batch: Batch, connection: sqlite3.Connection) -> Iterable[Body]:
        for execution in self._outbox.take(connection):
            asked = batch.questions.popleft() if execution.kind == "status" and batch.questions else None
            yield self._tracing.named(self._reporter.body(execution, asked), execution.cl_ord_id)

    def _batch(self, messages: Iterable[Message]) -> Batch:
        batch = Batch()
        for message in messages:
            try:
                self._add(batch, message)
            except FieldMissingError as error:
                reason = BusinessRejectReason.CONDITIONALLY_REQUIRED_FIELD_MISSING
                batch.answers.append(rejected(message, reason, str(error)).body())
        return batch

    def _add(self, batch: Batch, message: Message) -> None:
        match read(message):
            case NewOrderSingle() as order:
                self._new_order(batch, order, possibly_known=message.poss_resend)
            case OrderCancelRequest() | OrderCancelReplaceRequest() as request:
                self._change(batch, request, possibly_known=message.poss_resend)
            case OrderStatusRequest() as request:
                batch.ask(requests.status(request, self.client), request)
            case OrderMassCancelRequest() as request:
                batch.answers.append(masscancel.add(request, self.client, self._venue, batch.commands))
            case refusal:
                log.warning("the client refused a report", client=self.client, refusal=repr(refusal))

    def _new_order(self, batch: Batch, order: NewOrderSingle, *, possibly_known: bool) -> None:
        """The venue refuses a ClOrdID that it knows; a possible resend of one is a question."""
        if possibly_known and self._is_known(batch, order.cl_ord_id):
            batch.ask(Status(sender=self.client, cl_ord_id=order.cl_ord_id), None)
            return
        try:
            refuse_by(self._faults, "fix.reject")
            batch.add(requests.new_order(order, self.client, self._venue.instruments, self._largest(order.account)))
        except RefusedError as refusal:
            batch.answers.append(order_refused(order, refusal.code, self._venue.clock.now()))

    def _change(
        self, batch: Batch, request: OrderCancelRequest | OrderCancelReplaceRequest, *, possibly_known: bool
    ) -> None:
        is_known = self._is_known(batch, request.cl_ord_id)
        if possibly_known and is_known:
            batch.ask(Status(sender=self.client, cl_ord_id=request.cl_ord_id), None)
            return
        try:
            if is_known:
                raise RefusedError(DUPLICATE)
            refuse_by(self._faults, "fix.reject_changes")
            is_cancel = isinstance(request, OrderCancelRequest)
            most = 0 if is_cancel else self._largest(request.account)
            batch.add(requests.change(request, self.client, self._venue.instruments, most))
        except RefusedError as refusal:
            stands = self._venue.order(self.client, request.orig_cl_ord_id)
            batch.answers.append(change_refused(request, stands, refusal.code, self._venue.clock.now()))

    def _is_known(self, batch: Batch, cl_ord_id: str) -> bool:
        return cl_ord_id in batch.ids or self._venue.order(self.client, cl_ord_id) is not None
