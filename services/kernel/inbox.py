"""Which events a consumer has applied: by id, or where order matters by the last number of each aggregate."""

from sqlalchemy import bindparam, delete, func, insert, select

from services.kernel.tables import inbox, inbox_streams, inbox_waiting

KEEP = 3 * 24 * 3600 * 1_000_000
"""Microseconds that an applied event's id is remembered; a broker redelivers within seconds of its return."""

TAKEN = select(inbox.c.id).where(inbox.c.consumer == bindparam("of"), inbox.c.id.in_(bindparam("ids", expanding=True)))
MARK = insert(inbox)
PRUNE = delete(inbox).where(inbox.c.taken < bindparam("before"))
STREAMS = select(inbox_streams.c.stream, inbox_streams.c.seq, inbox_streams.c.waiting).where(
    inbox_streams.c.consumer == bindparam("of"), inbox_streams.c.stream.in_(bindparam("streams", expanding=True))
)
WAITING = (
    select(inbox_waiting.c.stream, inbox_waiting.c.seq, inbox_waiting.c.envelope)
    .where(
        inbox_waiting.c.consumer == bindparam("of"), inbox_waiting.c.stream.in_(bindparam("streams", expanding=True))
    )
    .order_by(inbox_waiting.c.stream, inbox_waiting.c.seq)
)
WAIT = insert(inbox_waiting)
WAITS_NO_MORE = delete(inbox_waiting).where(
    inbox_waiting.c.consumer == bindparam("of"),
    inbox_waiting.c.stream == bindparam("of_stream"),
    inbox_waiting.c.seq == bindparam("of_seq"),
)
COUNT = select(func.count()).select_from(inbox_waiting)
