"""Events are part of their transaction, and numbered by aggregate without holes."""

import asyncio
import tempfile
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.envelope import Envelope
from services.kernel import outbox
from services.kernel.database import Database
from services.kernel.tables import create_kernel_tables
from services.kernel.uow import UnitOfWork
from services.runtime import trace
from services.runtime.clock import WALL
from tests.envelopes import envelope, posted

TOPICS = st.sampled_from(["a", "b", "c"])


async def emit(uow: UnitOfWork, *topics: str) -> None:
    for topic in topics:
        uow.emit(posted(topic))


async def left(database: Database) -> list[Envelope]:
    async with database.reading() as connection:
        return [one for _, one in await outbox.oldest(connection, 10_000)]


async def test_an_event_lies_in_the_outbox_with_its_envelope(database: Database) -> None:
    event = posted("topic")

    async def use_case(uow: UnitOfWork) -> None:
        uow.emit(event)

    with trace.continue_from(None) as span:
        await database.transact(use_case)
    (lying,) = await left(database)
    assert (lying.name, lying.version, lying.producer, lying.key, lying.seq) == (
        "message_posted",
        event.version,
        "chat",
        "topic",
        1,
    )
    assert lying.event == event
    assert (lying.correlation, lying.causation, lying.traceparent) == (span.trace_id, None, span.traceparent)


async def test_an_event_caused_by_an_event_names_it(database: Database) -> None:
    cause = envelope("cause")

    async def use_case(uow: UnitOfWork) -> None:
        uow.cause = cause
        uow.emit(posted("effect"))

    await database.transact(use_case)
    (lying,) = await left(database)
    assert (lying.causation, lying.correlation) == (cause.id, cause.correlation)


async def test_events_that_are_foreseen_are_numbered_as_others_are(database: Database) -> None:
    async def foreseen(uow: UnitOfWork, *topics: str) -> None:
        uow.foresee(["old", "new", "none"])
        (counted,) = await uow.execute_all((outbox.COUNT, {"but": []}))
        assert counted.scalar_one() >= 1
        await emit(uow, *topics)

    await database.transact(emit, "old")
    await asyncio.gather(database.transact(foreseen, "old", "new", "old"), database.transact(emit, "other", "new"))
    await database.transact(emit, "none", "new")
    numbers = defaultdict(list)
    for lying in await left(database):
        numbers[lying.key].append(lying.seq)
    assert numbers == {"old": [1, 2, 3], "new": [1, 2, 3], "other": [1], "none": [1]}


async def test_events_of_a_use_case_that_fails_are_never_sent(database: Database) -> None:
    async def fail(uow: UnitOfWork) -> None:
        uow.emit(posted("topic"))
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        await database.transact(fail)
    await database.transact(emit, "topic")
    assert [one.seq for one in await left(database)] == [1]


async def test_use_cases_at_once_number_their_events_without_holes(database: Database) -> None:
    await asyncio.gather(*(database.transact(emit, "a", "b", "a") for _ in range(20)))
    numbers = defaultdict(list)
    for one in await left(database):
        numbers[one.key].append(one.seq)
    assert numbers == {"a": list(range(1, 41)), "b": list(range(1, 21))}


async def test_who_listens_is_told_of_events_and_of_nothing_else(database: Database) -> None:
    told: list[bool] = []
    database.on_events(lambda: told.append(True))
    await database.transact(emit)
    assert not told
    await database.transact(emit, "a")
    assert told


async def test_confirmed_events_are_gone_and_the_others_stay(database: Database) -> None:
    await database.transact(emit, *"abcdef")

    async def confirm(uow: UnitOfWork, ids: list[int]) -> None:
        await outbox.remove(uow, ids)

    async with database.reading() as connection:
        rows = [row_id for row_id, _ in await outbox.oldest(connection, 3)]
    await database.transact(confirm, rows)
    assert [one.key for one in await left(database)] == ["d", "e", "f"]
    async with database.reading() as connection:
        fourth, _, sixth = [row_id for row_id, _ in await outbox.oldest(connection, 3)]
        await database.transact(confirm, [fourth, sixth])
    assert [one.key for one in await left(database)] == ["e"]
    async with database.reading() as connection:
        assert await outbox.unpublished(connection) == 1


async def test_what_was_confirmed_is_no_longer_unpublished_whether_it_is_gone_or_not(database: Database) -> None:
    await database.transact(emit, "a", "b", "c")
    async with database.reading() as connection:
        first, *_ = [row for row, _ in await outbox.oldest(connection, 10)]
    async with database.reading() as connection:
        assert await outbox.unpublished(connection, [first, 10_000, 10_001]) == 2


@given(use_cases=st.lists(st.tuples(st.lists(TOPICS, max_size=5), st.booleans()), max_size=20))
def test_whatever_commits_and_fails_each_aggregate_counts_from_one(use_cases: list[tuple[list[str], bool]]) -> None:
    async def use_case(uow: UnitOfWork, topics: list[str], *, fails: bool) -> None:
        await emit(uow, *topics)
        if fails:
            raise ValueError

    async def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            database = Database(f"sqlite+aiosqlite:///{folder}/store.db", WALL)
            await database.change_schema(create_kernel_tables)
            await asyncio.gather(
                *(database.transact(use_case, topics, fails=fails) for topics, fails in use_cases),
                return_exceptions=True,
            )
            lying = await left(database)
            await database.close()
        expected = [topic for topics, fails in use_cases if not fails for topic in topics]
        assert sorted(one.key for one in lying) == sorted(expected)
        for topic in "abc":
            numbers = [one.seq for one in lying if one.key == topic]
            assert numbers == list(range(1, expected.count(topic) + 1))

    asyncio.run(run())
