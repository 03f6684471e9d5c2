"""Market data by FIX, on real sockets: what is asked for, how it goes on, what cannot be had."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from services.contracts import money
from services.fix import tags
from services.fix.message import Body, Message, Value
from services.fix.session import Exchange, Role, SessionNumbers, SessionSettings, StoredMessage
from services.fix.store import MemoryStore
from services.fix.transport import Endpoint, Initiator
from services.fix.validation import validate
from tests.eventually import eventually
from tests.integration.sim.broker.desk import Desk, desk

BID, OFFER, TRADE = "0", "1", "2"
Book = dict[tuple[str, Decimal], Decimal]


class Watcher:
    """A client that keeps the books it is told, as a terminal would."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.heard: list[Message] = []
        self.books: dict[str, Book] = {}
        self.trades: list[str] = []
        self.endpoint = Endpoint(
            SessionSettings(
                role=Role.INITIATOR,
                sender_comp_id="MARKETDATA",
                target_comp_id="BROKER",
                application=frozenset({"W", "X", "Y", "j"}),
            ),
            self,
        )

    async def load(self) -> SessionNumbers:
        return self.store.load()

    async def stored(self, begin: int, end: int) -> list[StoredMessage]:
        return list(self.store.stored(begin, end))

    async def synchronised(self) -> None:
        return

    async def commit(self, exchange: Exchange) -> None:
        for message in exchange.delivered:
            self.heard.append(message)
            self._keep(message)
        self.store.keep(exchange)

    def _keep(self, message: Message) -> None:
        if message.msg_type == "W":
            self.books[message.text(tags.Symbol) or ""] = {}
        for entry in entries(message):
            if entry[tags.MDEntryType] == TRADE:
                self.trades += [entry[tags.MDEntryID]] if tags.MDEntryID in entry else []
                continue
            book = self.books[entry.get(tags.Symbol) or message.text(tags.Symbol) or ""]
            level = entry[tags.MDEntryType], Decimal(entry[tags.MDEntryPx])
            if entry.get(tags.MDUpdateAction) == "2":
                del book[level]
            else:
                book[level] = Decimal(entry[tags.MDEntrySize])

    async def ask(self, request_id: str, *symbols: str, **fields: Any) -> None:
        terms: dict[str, Any] = {"action": "1", "depth": 0, "update": "1", "entries": (BID, OFFER, TRADE)} | fields
        body: list[tuple[int, Value]] = [
            (tags.MDReqID, request_id),
            (tags.SubscriptionRequestType, terms["action"]),
            (tags.MarketDepth, terms["depth"]),
            (tags.MDUpdateType, terms["update"]),
            (tags.NoMDEntryTypes, len(terms["entries"])),
            *((tags.MDEntryType, each) for each in terms["entries"]),
            (tags.NoRelatedSym, len(symbols)),
            *((tags.Symbol, each) for each in symbols),
        ]

        async def work(exchange: Exchange) -> None:
            exchange.send([Body("V", body)])
            self.store.keep(exchange)

        await self.endpoint.run(work)

    def of(self, kind: str) -> list[Message]:
        return [message for message in self.heard if message.msg_type == kind]


def entries(message: Message) -> list[dict[int, str]]:
    """The instances of the message's group."""
    first = {"W": tags.MDEntryType, "X": tags.MDUpdateAction}.get(message.msg_type)
    found: list[dict[int, str]] = []
    for tag, value in message.fields:
        if tag == first:
            found.append({})
        if found and tag != tags.CheckSum:
            found[-1][tag] = value.decode()
    return found


def shown(broker: Desk, depth: int | None = None, symbol: str = "AAPL") -> Book:
    """The venue's book as the watcher should have it."""
    book, terms = broker.venue.snapshot(symbol), broker.venue.instruments[symbol]
    return {
        (side, Decimal(money.text(price, terms.price_scale))): Decimal(money.text(quantity, terms.quantity_scale))
        for side, levels in ((BID, book.bids), (OFFER, book.asks))
        for price, quantity in levels[:depth]
    }


@asynccontextmanager
async def watching(broker: Desk) -> AsyncIterator[Watcher]:
    watcher = Watcher()
    async with Initiator(watcher.endpoint, "127.0.0.1", broker.fix):
        await asyncio.wait_for(watcher.endpoint.wait_synchronised(), 5)
        yield watcher


async def trade(broker: Desk, cl_ord_id: str, side: str = "sell", quantity: str = "10") -> None:
    body = {"cl_ord_id": cl_ord_id, "account": "bob", "symbol": "AAPL", "side": side, "type": "market"}
    assert (await broker.rest.post("/orders", json={**body, "quantity": quantity})).status_code == 201


@pytest.mark.parametrize("depth", [0, 1, 3])
async def test_who_subscribes_has_the_book_and_keeps_it_as_it_changes(tmp_path: Path, depth: int) -> None:
    async with desk(tmp_path) as broker, watching(broker) as watcher:
        await watcher.ask("r1", "AAPL", depth=depth)
        await eventually(lambda: watcher.books.get("AAPL") == shown(broker, depth or None))
        for number in range(3):
            await trade(broker, f"t{number}", quantity="150")
            await eventually(lambda: watcher.books["AAPL"] == shown(broker, depth or None))
        assert len(watcher.of("W")) == 1
        assert [validate(message) for message in watcher.heard] == [None] * len(watcher.heard)


async def test_every_trade_is_told_once_in_its_order(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, watching(broker) as watcher:
        before = broker.venue.snapshot("AAPL").last_trade_id
        await watcher.ask("r1", "AAPL", entries=(TRADE,))
        await eventually(lambda: watcher.of("W"))
        for number in range(5):
            await trade(broker, f"t{number}")
        ids = [f"AAPL.{each.trade_id}" for each in broker.venue.trades_after("AAPL", before)]
        await eventually(lambda: watcher.trades == ids)


async def test_a_full_refresh_is_the_whole_again_each_time(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, watching(broker) as watcher:
        await watcher.ask("r1", "AAPL", update="0", depth=2)
        await eventually(lambda: watcher.of("W"))
        await trade(broker, "t1", quantity="200")
        await eventually(lambda: len(watcher.of("W")) > 1 and watcher.books["AAPL"] == shown(broker, 2))
        assert watcher.of("X") == []


async def test_a_snapshot_and_who_has_unsubscribed_are_told_nothing_more(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, watching(broker) as watcher:
        await watcher.ask("once", "AAPL", action="0")
        await watcher.ask("r1", "AAPL")
        await watcher.ask("r1", "AAPL", action="2")
        await watcher.ask("r2", "AAPL")
        await trade(broker, "t1", quantity="200")
        await eventually(lambda: watcher.books["AAPL"] == shown(broker))
        assert {message.text(tags.MDReqID) for message in watcher.of("X")} == {"r2"}


@pytest.mark.parametrize(
    ("symbol", "fields", "reason"),
    [
        ("NOPE", {}, "0"),
        ("AAPL", {"entries": ("4",)}, "8"),
        ("AAPL", {"depth": -1}, "5"),
    ],
)
async def test_what_cannot_be_had_is_refused_with_its_reason(
    tmp_path: Path, symbol: str, fields: dict[str, Any], reason: str
) -> None:
    async with desk(tmp_path) as broker, watching(broker) as watcher:
        await watcher.ask("r1", symbol, **fields)
        (refusal,) = await eventually(lambda: watcher.of("Y"))
        assert (refusal.text(tags.MDReqID), refusal.text(tags.MDReqRejReason)) == ("r1", reason)
        assert validate(refusal) is None


async def test_an_id_that_is_in_use_is_refused(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, watching(broker) as watcher:
        await watcher.ask("r1", "AAPL")
        await watcher.ask("r1", "AAPL")
        (refusal,) = await eventually(lambda: watcher.of("Y"))
        assert refusal.text(tags.MDReqRejReason) == "1"


async def test_who_comes_back_subscribes_anew(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker:
        async with watching(broker) as first:
            await first.ask("r1", "AAPL")
            await eventually(lambda: first.of("W"))
            numbers = first.store.load()
        again = Watcher()
        again.store.numbers = numbers
        async with Initiator(again.endpoint, "127.0.0.1", broker.fix):
            await asyncio.wait_for(again.endpoint.wait_synchronised(), 5)
            await trade(broker, "t1", quantity="200")
            await again.ask("r1", "AAPL")
            await eventually(lambda: again.books.get("AAPL") == shown(broker))
            assert again.of("Y") == []
