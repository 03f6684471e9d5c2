"""Two processes of the chat at one topic at the same time."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from services.chat.api.models import NewMessage
from services.chat.api.writing import write
from services.chat.handlers import messages as handlers
from services.chat.handlers import open_topic
from services.chat.store import topics
from services.chat.store.tables import messages, words
from services.contracts.clock import SECOND
from services.kernel.database import Database
from services.kernel.security import Principal
from services.kernel.uow import UnitOfWork
from tests.integration.pair import Pair, pair_of

ANN = Principal("ann", "s1", frozenset({"trader"}))


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    async with pair_of(tmp_path, "chat") as opened:
        yield opened


async def topic(database: Database) -> str:
    return str((await database.transact(open_topic, "ann", "Earnings", 120))["topic_id"])


async def counted(database: Database, topic_id: str) -> tuple[int, int]:
    """What the topic says, and what is there."""
    async with database.reading() as connection:
        said = await topics.find(connection, topic_id)
        there = select(func.count()).where(messages.c.topic_id == topic_id)
        assert said is not None
        return said["messages"], (await connection.execute(there)).scalar_one()


async def test_the_same_key_at_both_posts_once(pair: Pair) -> None:
    topic_id, body = await topic(pair[0]), NewMessage(text="once")
    posting = partial(handlers.post, topic_id=topic_id, author_id="ann", text=body.text, most=100)
    for number in range(5):
        both = (each.transact(write, ANN, f"k{number}", body, posting) for each in pair)
        one, other = await asyncio.gather(*both)
        assert one == other
    assert await counted(pair[0], topic_id) == (5, 5)


async def test_every_message_is_counted(pair: Pair) -> None:
    topic_id = await topic(pair[0])
    await asyncio.gather(
        *(pair[n % 2].transact(handlers.post, topic_id, "ann", f"message {n}", 100) for n in range(20))
    )
    assert await counted(pair[0], topic_id) == (20, 20)


async def test_a_topic_is_as_lively_as_its_latest_message_whichever_is_written_last(pair: Pair) -> None:
    topic_id = await topic(pair[0])

    async def posted(uow: UnitOfWork, ago: int) -> Any:
        uow.wall -= ago * SECOND
        return await handlers.post(uow, topic_id, "ann", "hello", 100)

    latest = (await pair[0].transact(posted, -1))["posted"]
    await pair[1].transact(posted, 5)
    async with pair[0].reading() as connection:
        found = await topics.find(connection, topic_id)
    assert found is not None
    assert found["active"] == latest


async def test_all_who_react_at_once_are_counted_by_the_last_of_them(pair: Pair) -> None:
    topic_id = await topic(pair[0])
    message_id = (await pair[0].transact(handlers.post, topic_id, "ann", "up", 100))["message_id"]
    told = await asyncio.gather(
        *(pair[n % 2].transact(handlers.react, message_id, f"user {n}", "like") for n in range(10))
    )
    assert sorted(seen["reactions"]["like"] for seen in told) == list(range(1, 11))


async def test_of_an_edit_and_a_removal_at_once_nothing_is_left_to_be_found(pair: Pair) -> None:
    topic_id = await topic(pair[0])
    for number in range(5):
        message = await pair[0].transact(handlers.post, topic_id, "ann", f"before {number}", 100)
        edit = pair[0].transact(handlers.edit, message["message_id"], "ann", f"after {number}", 100, 60)
        removal = pair[1].transact(handlers.remove, message["message_id"], "ann")
        outcomes = await asyncio.gather(edit, removal, return_exceptions=True)
        assert [str(each) for each in outcomes if isinstance(each, Exception)] in ([], ["this message is removed"])
    async with pair[0].reading() as connection:
        assert (await connection.execute(select(func.count()).select_from(words))).scalar_one() == 0
        assert {text for (text,) in await connection.execute(select(messages.c.text))} == {""}
