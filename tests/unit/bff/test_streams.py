"""Streams: what a member gets that came while its snapshot was being fetched."""

import asyncio
import json
from typing import Any

import pytest

from services.bff.domain.channels import parse
from services.bff.handlers.feed import Feed
from services.bff.handlers.session import Session
from services.bff.handlers.streams import Streams
from services.contracts.errors import DomainError
from services.kernel.cache.memory import MemoryCache
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


@pytest.fixture
def page() -> Page:
    return Page()


@pytest.fixture
def streams(page: Page) -> Streams:
    return Streams(Feed(MemoryCache()), {}, page.of)


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
