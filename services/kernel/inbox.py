"""Which events a consumer has applied: by id, or where order matters by the last number of each aggregate."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.envelope import DECODER, ENCODER, Envelope
from services.contracts.event import Event, event_type
from services.kernel import seals
from services.kernel.inserts import mark
from services.kernel.tables import inbox, inbox_streams, inbox_waiting
from services.kernel.uow import UnitOfWork

KEEP = 3 * 24 * 3600 * 1_000_000
"""Microseconds that an applied event's id is remembered; a broker redelivers within seconds of its return."""

TAKEN = select(inbox.c.id).where(inbox.c.consumer == bindparam("of"), inbox.c.id.in_(bindparam("ids", expanding=True)))
PRUNE = delete(inbox).where(inbox.c.taken < bindparam("before"))
STREAMS = (
    select(inbox_streams.c.stream, inbox_streams.c.seq, inbox_streams.c.waiting)
    .where(
        inbox_streams.c.consumer == bindparam("of"),
        inbox_streams.c.stream.in_(bindparam("streams", expanding=True)),
    )
    .with_for_update()
)
WAITING = select(inbox_waiting.c.stream, inbox_waiting.c.seq, inbox_waiting.c.envelope).where(
    inbox_waiting.c.consumer == bindparam("of"), inbox_waiting.c.stream.in_(bindparam("streams", expanding=True))
)
WAITS_NO_MORE = delete(inbox_waiting).where(
    inbox_waiting.c.consumer == bindparam("of"),
    inbox_waiting.c.stream == bindparam("of_stream"),
    inbox_waiting.c.seq <= bindparam("applied"),
)
DROP = delete(inbox_waiting).where(
    inbox_waiting.c.consumer == bindparam("of"),
    inbox_waiting.c.stream == bindparam("of_stream"),
    inbox_waiting.c.seq == bindparam("of_seq"),
)
UNBLOCKED = (
    select(inbox_waiting.c.envelope)
    .join(
        inbox_streams,
        (inbox_streams.c.consumer == inbox_waiting.c.consumer) & (inbox_streams.c.stream == inbox_waiting.c.stream),
    )
    .where(inbox_waiting.c.consumer == bindparam("of"), inbox_waiting.c.seq == inbox_streams.c.seq + 1)
)
COUNT = select(func.count()).select_from(inbox_waiting)


@dataclass
class Stream:
    """One aggregate's events: the last one applied, and those that came before their predecessors."""

    name: str
    seq: int = 0
    known: bool = False
    """It has a row."""
    waited: bool = False
    """Early events lie in the table."""
    early: dict[int, Envelope] = field(default_factory=dict)
    fresh: set[int] = field(default_factory=set)
    """Numbers of early events that are not in the table yet."""

    def take(self, envelope: Envelope, *, alone: bool) -> Iterator[Envelope]:
        """What can be applied now that this event is here: nothing, it, or (not ``alone``) what waited for it too."""
        if envelope.seq > self.seq and envelope.seq not in self.early:
            self.early[envelope.seq] = envelope
            self.fresh.add(envelope.seq)
        while self.seq + 1 in self.early and (self.seq + 1 == envelope.seq or not alone):
            self.seq += 1
            self.fresh.discard(self.seq)
            yield self.early.pop(self.seq)


class Inbox:
    """A consumer's duplicate check, in the transaction of what it applies."""

    def __init__(self, consumer: str, ordered: tuple[type[Event], ...] = ()) -> None:
        self._consumer = consumer
        self._ordered = ordered

    async def admit(self, uow: UnitOfWork, envelopes: Sequence[Envelope], *, alone: bool = False) -> list[Envelope]:
        """The events to apply now, in their order, marked as applied; early ones are kept for their turn.

        ``alone`` leaves those that waited for one of these where they are: `unblocked` names them.
        """
        of_streams = [envelope for envelope in envelopes if self._is_ordered(envelope)]
        streams = await self._streams(uow, map(stream_of, of_streams)) if of_streams else {}
        new = await self._new(uow, [envelope for envelope in envelopes if not self._is_ordered(envelope)])
        admitted: list[Envelope] = []
        for envelope in envelopes:
            if self._is_ordered(envelope):
                admitted.extend(streams[stream_of(envelope)].take(envelope, alone=alone))
            elif new.pop(envelope.id, None):
                admitted.append(envelope)
        if streams:
            await self._keep(uow, list(streams.values()))
        return admitted

    async def pass_over(self, uow: UnitOfWork, reached: Mapping[str, int]) -> set[str]:
        """Take streams as applied up to a number: what they come to is applied by other means, in this transaction.

        Names those that are not beyond it; what waits in them for a lost event before it waits no more.
        """
        streams = await self._streams(uow, reached)
        behind = [stream for stream in streams.values() if stream.seq <= reached[stream.name]]
        for stream in behind:
            stream.seq = reached[stream.name]
            stream.early = {seq: envelope for seq, envelope in stream.early.items() if seq > stream.seq}
        if behind:
            await self._keep(uow, behind)
        return {stream.name for stream in behind}

    async def unblocked(self, connection: AsyncConnection) -> list[Envelope]:
        """Events that waited for a predecessor and could be applied now."""
        rows = await connection.execute(UNBLOCKED, {"of": self._consumer})
        return [DECODER.decode(document) for document in rows.scalars()]

    async def drop(self, uow: UnitOfWork, envelope: Envelope) -> None:
        """No longer keep an early event: it was set aside."""
        this = {"of": self._consumer, "of_stream": stream_of(envelope), "of_seq": envelope.seq}
        await uow.later(DROP, this)

    async def prune(self, uow: UnitOfWork) -> None:
        """Forget ids that no broker will deliver again."""
        await uow.execute(PRUNE, {"before": uow.wall - KEEP})

    def _is_ordered(self, envelope: Envelope) -> bool:
        return bool(self._ordered) and issubclass(event_type(envelope.name, envelope.version), self._ordered)

    async def _new(self, uow: UnitOfWork, envelopes: Sequence[Envelope]) -> dict[str, Envelope]:
        """Those never seen, by id, marked as seen."""
        new = {envelope.id: envelope for envelope in envelopes}
        if new:
            for taken in (await uow.execute(TAKEN, {"of": self._consumer, "ids": list(new)})).scalars():
                del new[taken]
        if new:
            await mark(uow, inbox, [], [self._taken(one, uow.wall) for one in new])
        return new

    async def _streams(self, uow: UnitOfWork, names: Iterable[str]) -> dict[str, Stream]:
        streams = {name: Stream(name) for name in names}
        rows = await uow.execute(STREAMS, {"of": self._consumer, "streams": sorted(streams)})
        for name, seq, waiting in rows:
            stream = streams[name]
            stream.known, stream.seq, stream.waited = True, seq, bool(waiting)
        if waited := [stream.name for stream in streams.values() if stream.waited]:
            waiting_rows = await uow.execute(WAITING, {"of": self._consumer, "streams": waited})
            for name, seq, document in waiting_rows:
                streams[name].early[seq] = DECODER.decode(document)
        return streams

    async def _keep(self, uow: UnitOfWork, streams: Sequence[Stream]) -> None:
        known = [self._mark(stream) for stream in streams if stream.known]
        await mark(uow, inbox_streams, known, [self._mark(stream) for stream in streams if not stream.known])
        gone = [
            {"of": self._consumer, "of_stream": stream.name, "applied": stream.seq}
            for stream in streams
            if stream.waited
        ]
        if gone:
            await uow.later(WAITS_NO_MORE, gone)
        fresh = [self._waiting(stream, seq) for stream in streams for seq in sorted(stream.fresh)]
        if fresh:
            await uow.later(insert(inbox_waiting), fresh)

    def _taken(self, event_id: str, wall: int) -> dict[str, object]:
        seal = seals.of((self._consumer, event_id, wall))
        return {"consumer": self._consumer, "id": event_id, "taken": wall, "seal": seal}

    def _mark(self, stream: Stream) -> dict[str, object]:
        waiting = len(stream.early)
        seal = seals.of((self._consumer, stream.name, stream.seq, waiting))
        return {
            "consumer": self._consumer,
            "stream": stream.name,
            "seq": stream.seq,
            "waiting": waiting,
            "seal": seal,
        }

    def _waiting(self, stream: Stream, seq: int) -> dict[str, object]:
        document = ENCODER.encode(stream.early[seq])
        return {"consumer": self._consumer, "stream": stream.name, "seq": seq, "envelope": document}


def stream_of(envelope: Envelope) -> str:
    """The aggregate among all services'."""
    return f"{envelope.producer}:{envelope.key}"
