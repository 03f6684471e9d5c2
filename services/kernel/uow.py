"""One transaction, as a use case sees it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import CursorResult, Executable, bindparam, select

from services.contracts.envelope import Envelope, body_of
from services.contracts.event import Event
from services.contracts.ids import new_id
from services.kernel.connections import LATE, LaneConnection, Terms
from services.kernel.tables import streams
from services.runtime import trace

Rows = CursorResult[*tuple[Any, ...]]
Publishes = Collection[type[Event]] | None
"""The events that the manifest lists; none where no manifest speaks."""
UNCHECKED = Terms()
NUMBERS = (
    select(streams.c.key, streams.c.seq).where(streams.c.key.in_(bindparam("keys", expanding=True))).with_for_update()
)
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Emitted(NamedTuple):
    """An event on its way to the outbox: everything of its envelope but the number."""

    event: Event
    key: str
    body: msgspec.Raw
    market_time: int
    wall_time: int
    correlation: str
    causation: str | None
    traceparent: str | None

    def envelope(self, seq: int) -> Envelope:
        """The envelope, once the number is known."""
        return Envelope(
            id=new_id(),
            name=self.event.name,
            version=self.event.version,
            producer=self.event.producer,
            key=self.key,
            seq=seq,
            time=self.wall_time,
            market_time=self.market_time,
            correlation=self.correlation,
            causation=self.causation,
            traceparent=self.traceparent,
            body=self.body,
        )


class UnitOfWork:
    """Given to a use case by ``Database.transact``, which commits; the use case never does.

    ``now`` is market time and ``wall`` wall time, both in microseconds and the same for the whole transaction.
    ``cause`` is the event being handled, if one is.
    """

    def __init__(self, connection: LaneConnection, now: int, wall: int, publishes: Publishes = None) -> None:
        self.connection = connection
        self.now = now
        self.wall = wall
        self.publishes = publishes
        self.cause: Envelope | None = None
        self.emitted: list[Emitted] = []
        self.spans: dict[str, trace.Span] = {}
        """The spans in which events are handled, by the events' ids."""
        self.committed: list[Callable[[], None]] = []
        self.users: list[str] = []
        self.numbers: dict[str, int] = {}
        """The last event's number of aggregates, of a row that is locked; 0: of one that has none."""
        self._foreseen: set[str] = set()

    async def execute(self, statement: Executable, parameters: Parameters | None = None) -> Rows:
        """Run a statement; a list of parameters runs it once for each."""
        return await self.connection.execute(statement, parameters)

    async def execute_all(self, *asked: tuple[Executable, Parameters]) -> list[Rows]:
        """Run statements that do not depend on each other's outcome; they go to a server together."""
        if not self._foreseen:
            return await self.connection.execute_all(asked)
        keys, self._foreseen = sorted(self._foreseen), set()
        *answers, numbers = await self.connection.execute_all([*asked, (NUMBERS, {"keys": keys})])
        self.numbers |= dict.fromkeys(keys, 0) | dict(numbers.all())
        return answers

    async def later(
        self, statement: Executable, parameters: Parameters | None = None, terms: Terms = UNCHECKED
    ) -> None:
        """Run a statement whose outcome nobody waits for: to a server it goes with the next one that is executed.

        A failure, or terms that do not hold, end the transaction.
        """
        await self.connection.execute(statement, parameters, execution_options={LATE: terms})

    def foresee(self, keys: Iterable[str]) -> None:
        """Events of these aggregates will be emitted: what they are to be numbered by is asked along with the next of
        ``execute_all``, and not on a way of its own."""
        self._foreseen.update(keys)

    def emit(self, event: Event, *, cause: Envelope | None = None) -> None:
        """Publish an event if and when this transaction commits; ``cause`` is by default the event being handled."""
        if self.publishes is not None and type(event) not in self.publishes:
            raise TypeError(f"the manifest does not say that this service publishes {event.name}")
        cause = cause or self.cause
        span = trace.current() or (self.spans.get(cause.id) if cause else None)
        self.emitted.append(
            Emitted(
                event=event,
                key=event.key,
                body=body_of(event),
                market_time=self.now,
                wall_time=self.wall,
                correlation=cause.correlation if cause else span.trace_id if span else new_id(),
                causation=cause.id if cause else None,
                traceparent=span.traceparent if span else None,
            )
        )

    def wrote_of(self, *user_ids: str) -> None:
        """Whatever these users read after the commit shows what was written: see ``Database.read_of``."""
        self.users.extend(user_ids)

    def after_commit(self, action: Callable[[], None]) -> None:
        """Call something once the transaction is durable, never when it is not."""
        self.committed.append(action)
