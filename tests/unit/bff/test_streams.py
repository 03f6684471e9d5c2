"""Streams: what a member gets that came while its snapshot was being fetched."""

import asyncio
import json
from typing import Any

import pytest

from services.bff.domain.channels import parse
from services.bff.domain.deltas import Latest
from services.bff.handlers import streams as streams_module
from services.bff.handlers.feed import Feed
from services.bff.handlers.session import Session
from services.bff.handlers.streams import Stream, Streams, Values
from services.contracts.errors import DomainError
from services.kernel.cache.memory import MemoryCache
from services.kernel.peers import PeerUnavailable
from services.kernel.security import Principal


class Page:
    """A snapshot that comes when the test says so."""

    def __init__(self) -> None:
        self.ready = asyncio.Event()
        self.error: DomainError | None = None

    async def of(self, *_: object) -> bytes:
        await self.ready.wait()
        if self.error:
            raise self.error
        return b'{"items":[]}'


def session(user_id: str) -> Session:
    made = Session(100)
    made.principal = Principal(user_id, "session", frozenset())
    return made


def heard(client: Session) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = json.loads(client.outbox.take()) if len(client.outbox) else []
    return messages


class Owner:
    """Says a value when the test lets it, or that it can't."""

    def __init__(self) -> None:
        self.asked = 0
        self.answers: asyncio.Queue[bytes | None] = asyncio.Queue()

    async def ask(self) -> bytes | None:
        self.asked += 1
        answer = await self.answers.get()
        if answer == b"away":
            raise PeerUnavailable("market_data")
        return answer


@pytest.fixture
def page() -> Page:
    return Page()


@pytest.fixture
def streams(page: Page) -> Streams:
    return Streams(Feed(MemoryCache()), {}, page.of, page.of)


async def joined(streams: Streams, page: Page, client: Session) -> "asyncio.Task[None]":
    joining = asyncio.ensure_future(streams.join(client, parse("orders")))
    await asyncio.sleep(0)
    return joining


async def test_what_comes_while_the_snapshot_is_fetched_follows_it(streams: Streams, page: Page) -> None:
    ann = session("ann")
    joining = await joined(streams, page, ann)
    stream = streams.followed("orders", "ann")
    assert stream is not None
    stream.publish(b"1")
    stream.publish(b"2")
    assert heard(ann) == []
    page.ready.set()
    await joining
    stream.publish(b"3")
    assert [(each["type"], each["prev_seq"], each["seq"]) for each in heard(ann)] == [
        ("snapshot", None, 0),
        ("delta", 0, 1),
        ("delta", 1, 2),
        ("delta", 2, 3),
    ]


async def test_private_streams_are_their_owners(streams: Streams, page: Page) -> None:
    page.ready.set()
    ann, bob = session("ann"), session("bob")
    for client in (ann, bob):
        await streams.join(client, parse("orders"))
        heard(client)
    stream = streams.followed("orders", "ann")
    assert stream is not None
    stream.publish(b"1")
    assert len(heard(ann)) == 1
    assert heard(bob) == []


async def test_who_leaves_while_the_snapshot_is_fetched_gets_nothing(streams: Streams, page: Page) -> None:
    ann = session("ann")
    joining = await joined(streams, page, ann)
    assert ann.leave("orders")
    page.ready.set()
    await joining
    assert heard(ann) == []
    assert streams.followed("orders", "ann") is None


async def test_a_snapshot_that_cannot_be_had_is_no_subscription(streams: Streams, page: Page) -> None:
    ann = session("ann")
    page.error = DomainError("unavailable", 503, "orders is not available")
    page.ready.set()
    with pytest.raises(DomainError):
        await streams.join(ann, parse("orders"))
    assert ann.subscriptions == {}
    assert streams.followed("orders", "ann") is None


async def test_streams_that_nobody_follows_are_forgotten(streams: Streams, page: Page) -> None:
    page.ready.set()
    ann = session("ann")
    await streams.join(ann, parse("orders"))
    await streams.sweep()
    assert streams.any
    ann.end()
    await streams.sweep()
    assert not streams.any


@pytest.fixture
def owner() -> Owner:
    return Owner()


@pytest.fixture
async def followed() -> tuple[Session, Stream]:
    """A value, and who follows it."""
    ann, stream = session("ann"), Stream("quotes:AAPL", Latest)
    stream.members[ann] = None
    return ann, stream


def values(client: Session) -> list[Any]:
    return [each["data"] for each in heard(client)]


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_value_of_which_some_were_lost_is_asked_for(followed: tuple[Session, Stream], owner: Owner) -> None:
    ann, stream = followed
    value = Values(stream, bytes, owner.ask)
    value.lost()
    value.lost()
    owner.answers.put_nowait(b"1")
    await turns()
    assert (values(ann), owner.asked) == ([1], 1)
    value.raws.append(b"2")
    value.flush()
    assert values(ann) == [2]


async def test_what_comes_while_the_value_is_asked_for_is_newer(followed: tuple[Session, Stream], owner: Owner) -> None:
    ann, stream = followed
    value = Values(stream, bytes, owner.ask)
    value.raws.append(b"0")
    value.lost()
    await turns()
    value.raws.append(b"2")
    value.flush()
    assert values(ann) == []
    owner.answers.put_nowait(b"1")
    await turns()
    assert values(ann) == [2]


async def test_a_value_that_cannot_be_had_is_asked_for_again(
    followed: tuple[Session, Stream], owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams_module, "ASK_AGAIN", 0)
    ann, stream = followed
    for answer in (b"away", b"away", b"1"):
        owner.answers.put_nowait(answer)
    Values(stream, bytes, owner.ask).lost()
    await asyncio.wait_for(asyncio.shield(ann.wait()), 5)
    assert (values(ann), owner.asked) == ([1], 3)


async def test_nobody_asks_for_what_nobody_follows(owner: Owner) -> None:
    Values(Stream("quotes:AAPL", Latest), bytes, owner.ask).lost()
    await turns()
    assert owner.asked == 0
