"""Live events that concern connections themselves, or that were lost."""

import json
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from services.bff.domain.channels import parse
from services.bff.handlers.feed import Feed
from services.bff.handlers.live import Live
from services.bff.handlers.session import Session, Sessions
from services.bff.handlers.streams import Streams
from services.contracts.chat import ChatMessage
from services.contracts.envelope import Envelope, body_of
from services.contracts.event import Event
from services.contracts.events.auth import SessionsRevoked, UserBlocked
from services.contracts.events.chat import (
    FirstMessagePosted,
    MessageEdited,
    MessagePosted,
    MessageReacted,
    MessageRemoved,
)
from services.contracts.events.market_data import InstrumentChanged
from services.contracts.instruments import Instrument
from services.kernel.cache.memory import MemoryCache
from services.kernel.security import Principal
from tests.instruments import AAPL


def envelope(event: Event) -> Envelope:
    return Envelope(
        id="e",
        name=event.name,
        version=event.version,
        producer=event.producer,
        key=event.key,
        seq=1,
        time=0,
        market_time=0,
        correlation="c",
        body=body_of(event),
    )


def connected(sessions: Sessions, user_id: str, session_id: str) -> Session:
    made = Session(100)
    made.principal = Principal(user_id, session_id, frozenset())
    assert sessions.add(made)
    return made


@pytest.fixture
async def sessions() -> Sessions:
    return Sessions(3)


@pytest.fixture
def instruments() -> dict[str, Instrument]:
    return {}


@pytest.fixture
def recalled() -> list[bool]:
    return []


@pytest.fixture
def streams(instruments: dict[str, Instrument]) -> Streams:
    async def nothing(*_: Any) -> bytes:
        return b"null"

    return Streams(Feed(MemoryCache()), instruments, nothing, nothing)


@pytest.fixture
def live(sessions: Sessions, streams: Streams, instruments: dict[str, Instrument], recalled: list[bool]) -> Live:
    async def recall() -> None:
        recalled.append(True)

    return Live(sessions, streams, instruments, recall)


async def test_a_revoked_session_closes_its_own_connections(live: Live, sessions: Sessions) -> None:
    first, second, other = (connected(sessions, *ids) for ids in (("a", "s1"), ("a", "s2"), ("b", "s3")))
    await live.on_events([envelope(SessionsRevoked(user_id="a", session_ids=("s1", "s9"), reason="logout"))])
    assert first.closed.result()[0] == 4401
    assert not second.closed.done()
    assert not other.closed.done()


@pytest.mark.parametrize("blocked", [True, False])
async def test_a_block_closes_all_and_its_end_none(live: Live, sessions: Sessions, blocked: bool) -> None:
    both = [connected(sessions, "a", "s1"), connected(sessions, "a", "s2")]
    await live.on_events([envelope(UserBlocked(user_id="a", blocked=blocked, by="root"))])
    assert [each.closed.done() for each in both] == [blocked, blocked]


async def test_lost_events_make_everybody_subscribe_anew_but_to_the_market(
    live: Live, sessions: Sessions, recalled: list[bool]
) -> None:
    client = connected(sessions, "a", "s1")
    left: list[str] = []
    for channel in ("orders", "chat:t1", "candles:AAPL:1m", "book:AAPL", "quotes:AAPL"):
        client.subscriptions[channel] = partial(left.append, channel)
    await live.on_events(None)
    assert left == ["orders", "chat:t1", "candles:AAPL:1m"]
    assert [message["type"] for message in json.loads(client.outbox.take())] == ["resubscribe"] * 3
    assert set(client.subscriptions) == {"book:AAPL", "quotes:AAPL"}
    assert recalled


async def test_instruments_are_kept_as_they_change(live: Live, instruments: dict[str, Instrument]) -> None:
    await live.on_events([envelope(InstrumentChanged(symbol="AAPL", instrument=AAPL))])
    assert instruments == {"AAPL": AAPL}


async def test_whatever_becomes_of_a_message_its_topic_hears_the_whole_of_it(
    live: Live, sessions: Sessions, streams: Streams
) -> None:
    client = connected(sessions, "a", "s1")
    await streams.join(client, parse("chat:t"))
    client.outbox.take()
    message = ChatMessage(message_id="m", topic_id="t", author_id="b", author="Bob", text="hi", posted=1)
    posted: dict[str, Any] = {
        "topic_id": "t",
        "message_id": "m",
        "author_id": "b",
        "author": "Bob",
        "text": "hi",
        "posted": 1,
    }
    events: list[Event] = [
        FirstMessagePosted(**posted),
        MessagePosted(**posted, reply_to="l"),
        MessageEdited(topic_id="t", message=replace(message, text="ho", edited=2)),
        MessageReacted(topic_id="t", user_id="c", kind="like", message=replace(message, reactions={"like": 1})),
        MessageRemoved(topic_id="t", by="author", message=replace(message, text="", removed=3, removed_by="author")),
    ]
    await live.on_events([envelope(event) for event in events])
    told = [each["data"] for each in json.loads(client.outbox.take())]
    assert [(each["id"], each["text"]) for each in told] == [("m", text) for text in ("hi", "hi", "ho", "hi", "")]
    assert told[1]["reply_to"] == "l"
    assert told[3]["reactions"] == {"like": 1}
    assert told[4]["removed"]["by"] == "author"


async def test_a_user_has_so_many_connections_and_again_when_one_has_gone(sessions: Sessions) -> None:
    some = [connected(sessions, "a", "s1") for _ in range(3)]
    fourth = Session(100)
    fourth.principal = Principal("a", "s1", frozenset())
    assert not sessions.add(fourth)
    sessions.remove(fourth)
    assert len(sessions) == 3
    sessions.remove(some[0])
    assert sessions.add(fourth)


async def test_who_asks_and_never_listens_has_to_go() -> None:
    client = Session(10)
    for _ in range(21):
        client.refuse(None, "malformed", "no")
    assert client.closed.result()[0] == 1013
