"""FIX 4.4 for both sides, on the standard library (and msgspec, for the records alone).

    codec       encode(fields) -> bytes, decode(frame) -> Message, Framer().feed(chunk) -> list[bytes]
    message     Message (a decoded one), Body (MsgType and body fields of one to be sent)
    tags        the tag numbers under the names of the specification: tags.ClOrdID == 11
    messages    records: NewOrderSingle, ExecutionReport, ... with .body() and .of(message); read(message); their values
    validation  validate(message) -> SessionReject | None, against the dictionary
    session     the state machine, without I/O: Session, SessionSettings, Role, SessionNumbers, Exchange, StoredMessage
    store       MemoryStore, SqliteStore (writes on the connection it is given, never commits)
    transport   Endpoint, Initiator, Acceptor (asyncio), Application (the seam), NotLoggedOnError

An Exchange is what one transaction keeps: the application messages that one read brought, those that are sent
for them, the session's numbers after both. The application's `commit(exchange)` is that transaction; bytes go to
the wire only after it returned. When it raises, the connection is dropped, the numbers are loaded again from the
store, and the peer's resend brings what was not applied. Messages that were committed but never left are resent
from the stored bytes, with PossDupFlag, when the peer asks for them.

Orders' gateway (initiator)::

    class FixGateway:                                        # is an Application
        async def load(self) -> SessionNumbers: ...          # the row of this session, or SessionNumbers(1, 1)
        async def stored(self, begin: int, end: int) -> Sequence[StoredMessage]: ...

        async def commit(self, exchange: Exchange) -> None:  # also called for heartbeats: then delivered is empty
            async with self.unit_of_work() as uow:
                for message in exchange.delivered:           # read(message): ExecutionReport, OrderCancelReject, ...
                    await apply(uow, read(message))
                await store.keep(uow, exchange)              # numbers, exchange.sent; exchange.reset: delete all first

        async def relay(self, exchange: Exchange) -> None:   # one transaction: mark, numbers, bytes
            async with self.unit_of_work() as uow:
                rows = await store.take_unsent(uow)          # UPDATE ... the mark on the outbox rows
                exchange.send([new_order(row).body() for row in rows])
                await store.keep(uow, exchange)

        async def synchronised(self) -> None:                # a task of its own after each logon, when both sides
            await self.endpoint.run(self.ask_open_orders)    # have finished their resends

    settings = SessionSettings(
        role=Role.INITIATOR, sender_comp_id="ORDERS", target_comp_id="BROKER", application=ORDER_REPORTS
    )
    endpoint = Endpoint(settings, gateway)
    async with Initiator(endpoint, host, port):              # connects again by itself, with backoff and jitter
        await endpoint.wait_synchronised()
        await endpoint.run(gateway.relay)                    # raises NotLoggedOnError when the session is down

The broker (acceptor)::

    class BrokerSession:                                     # is an Application
        async def commit(self, exchange: Exchange) -> None:
            with self.journal:                               # one sqlite3 transaction
                for message in exchange.delivered:
                    reports = self.venue.apply(read(message))
                    exchange.send([report.body() for report in reports])
                self.store.keep(exchange)                    # SqliteStore(connection): numbers, bytes, reset

        async def fills(self, exchange: Exchange) -> None:   # what the feed caused, unasked
            with self.journal:
                exchange.send([report.body() for report in self.venue.take_reports()])
                self.store.keep(exchange)

    settings = SessionSettings(
        role=Role.ACCEPTOR, sender_comp_id="BROKER", target_comp_id="ORDERS", application=ORDER_ENTRY
    )
    endpoint = Endpoint(settings, session, send_when_down=True)   # numbered and stored now, resent after the logon
    async with Acceptor([endpoint], host="127.0.0.1", port=0) as acceptor:
        print(acceptor.port)
        await endpoint.run(session.fills)

`endpoint.run(work)` is serialised with what the wire brings: never call it from inside commit or work. A `work` or
`commit` that raises after `exchange.send()` drops the connection; a transaction that is repeated begins with
`exchange.rewind()`. Reports are read by `match read(message)`; a message
that lacks what the platform needs raises FieldMissingError there, and `rejected(...)` is the answer to send.
"""
