"""The outbox: events are rows of the transaction that caused them until the broker has confirmed them.

A confirmed row is deleted, not marked: what is there is what is unpublished, so the primary key is its index and
nothing needs pruning.
"""

from collections.abc import Collection, Sequence
from itertools import count

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.envelope import DECODER, ENCODER, Envelope
from services.kernel import seals
from services.kernel.connections import LAST
from services.kernel.inserts import mark
from services.kernel.tables import outbox, streams
from services.kernel.uow import Emitted, UnitOfWork

WRITE = insert(outbox)
OTHERS = outbox.c.id.not_in(bindparam("but", expanding=True))
OLDEST = select(outbox.c.id, outbox.c.envelope).where(OTHERS).order_by(outbox.c.id).limit(bindparam("limit"))
REMOVE = delete(outbox).where(outbox.c.id.between(bindparam("first"), bindparam("last")))
REMOVE_SOME = delete(outbox).where(outbox.c.id.in_(bindparam("ids", expanding=True)))
COUNT = select(func.count()).select_from(outbox).where(OTHERS)


async def write(uow: UnitOfWork, emitted: Sequence[Emitted]) -> None:
    """Number the events of each aggregate and lay them down, in three or four statements however many they are."""
    keys = sorted({event.key for event in emitted})
    known = uow.numbers
    if unknown := [key for key in keys if key not in known]:
        uow.foresee(unknown)
        await uow.execute_all()
    numbers = {key: count(known[key] + 1) for key in keys}
    envelopes = [event.envelope(next(numbers[event.key])) for event in emitted]
    marks = {envelope.key: envelope.seq for envelope in envelopes}
    rows = [{"key": key, "seq": marks[key], "seal": seals.of((key, marks[key]))} for key in keys]
    old, new = [row for row in rows if known[str(row["key"])]], [row for row in rows if not known[str(row["key"])]]
    await mark(uow, streams, old, new)
    await uow.later(WRITE, [{"envelope": ENCODER.encode(envelope)} for envelope in envelopes])


async def oldest(connection: AsyncConnection, limit: int, but: Collection[int] = ()) -> list[tuple[int, Envelope]]:
    """The events that wait longest, with their row ids: the last question to this connection, and not these rows."""
    rows = await connection.execute(OLDEST, {"limit": limit, "but": list(but)}, execution_options={LAST: True})
    return [(row_id, DECODER.decode(document)) for row_id, document in rows]


async def remove(uow: UnitOfWork, ids: Sequence[int]) -> None:
    """Forget events that were confirmed; ids in rising order."""
    if ids[-1] - ids[0] == len(ids) - 1:
        await uow.later(REMOVE, {"first": ids[0], "last": ids[-1]})
    else:
        await uow.later(REMOVE_SOME, {"ids": list(ids)})


async def unpublished(connection: AsyncConnection, but: Collection[int] = ()) -> int:
    """How many events wait for their confirm: all that lie there but these rows, whether those are gone or not."""
    return int((await connection.execute(COUNT, {"but": list(but)})).scalar_one())
