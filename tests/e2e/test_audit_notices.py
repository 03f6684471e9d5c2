"""One value changed in each table of each service, and in the venue's journal, one at a time: the audit names each."""

import asyncio
from collections.abc import Iterator, Sequence
from decimal import Decimal
from random import Random

import pytest

from services.contracts.clock import MINUTE
from tests.e2e.mutations import Table, tables
from tests.e2e.tool import Tool
from tests.e2e.trading import Place, Trader
from tests.eventually import eventually
from tradectl.audit.report import compare
from tradectl.audit.snapshot import AUDITED, Snapshot, Sources

SEED = 20241108
SPEED = "30"
"""Market seconds a second, until bars have closed."""

ON_ITS_WAY = {"outbox", "dispatches"}
"""A row here is sent and gone within a moment: whether one lies here to be changed is chance."""
REFUSED_AT_START = {"alembic_version"}
"""A service does not start on a revision that it does not know (tests/integration/kernel/test_migrations.py)."""
RENEWED = {"leases"}
"""Who is no longer named here loses it, and takes it again (tests/integration/kernel/test_leases.py)."""

UNNOTICED = {
    # Secrets, and what only auth decides with: no page may show the first, nobody has a copy of the others.
    "auth.users": {"password_hash", "code_digest", "code_sent", "code_attempts", "time_zone", "verified", "created"},
    # When it ended: who was told by sessions_revoked keeps no copy.
    # And the program that it was opened with, which is named to its user alone.
    "auth.sessions": {"revoked", "agent"},
    "auth.refresh_tokens": {"used"},
    # Since when the provider's history was asked for; bars that began before the tape does.
    "market_data.progress": {"filled_from", "forming"},
    # Whether the user has looked: his own to change.
    "notifications.notifications": {"read"},
    # How far the user has read: his own to say.
    "chat.follows": {"read"},
    # Since when it waits for its level, and how often it has fired: nobody else counts.
    "notifications.alerts": {"fired", "fires", "since"},
    # When it is tried again, and what it was told: nothing remains to be done of what was sent.
    "notifications.deliveries": {"attempts", "due", "error", "urgent"},
    "notifications.push_deliveries": {"attempts", "due", "error"},
    # What the trader and the gateway have in mind; the order's terms and states are the venue's.
    "orders.orders": {
        "asked",
        "cancel_next",
        "client_order_id",
        "fee_ppm",
        "fingerprint",
        "placed",
        "request",
        "traceparent",
        "version",
        "working",
        "worst_price",
    },
    # Which session it was: there is one, and what lies under another name is nobody's.
    "orders.fix_messages": {"session"},
    "orders.fix_sessions": {"session"},
    "venue.fix_message": {"session"},
    # Given by the database, to list the rows in their order.
    "portfolio.ledger": {"id"},
    "portfolio.trades": {"id"},
    # When the risk ledger heard of it.
    "orders.deposits": {"time"},
    "portfolio.deposits": {"created"},
    "orders.withdrawals": {"time"},
    "portfolio.withdrawals": {"created"},
}


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A platform on which something of everything has happened, and nothing happens any more."""
    tool = Tool(tmp_path_factory.mktemp("busy"))
    place = Place(tool)
    try:
        tool.ok("up", "--quiet")
        asyncio.run(live(place))
        tool.ok("clock", "speed", SPEED)
        asyncio.run(bars_close(place))
        tool.ok("clock", "pause")
        document = tool.ok("audit", "--settled", "--json").json
        assert document["clean"], document["differences"]
        yield place
    finally:
        tool.run("down", "--all")
    assert tool.leftovers() == []


async def live(place: Place) -> None:
    """Orders of every end; deposits, withdrawals; an alert, preferences; a topic with a message."""
    async with place.client() as http:
        ann, bob = [await place.trader(http, name, SEED).enter() for name in ("ann", "bob")]
        for trader in (ann, bob):
            await trade(trader)
        alert = {"symbol": "AAPL", "condition": "price_above", "threshold": "9999", "repeat": "rearm"}
        await ann.ok("POST", "/alerts", alert, key="alert")
        await ann.ok("PUT", "/notifications/preferences", {"kinds": {"order_expired": {"email": False}}})
        topic = await ann.ok("POST", "/chat/topics", {"title": "Hello"}, key="topic")
        message = await bob.ok(
            "POST", f"/chat/topics/{topic['id']}/messages", {"text": "@ann, how are you?"}, key="message"
        )
        await ann.ok("PUT", f"/chat/topics/{topic['id']}/follow")
        await ann.ok("PUT", f"/chat/messages/{message['id']}/reactions/like")


async def trade(trader: Trader) -> None:
    await trader.place("bought", "AAPL", "buy", 5)
    await trader.place("sold", "AAPL", "sell", 3)
    await trader.withdraw("paid", "USD", Decimal("12.34"))
    low = trader.away("AAPL", "buy", 3)
    await trader.place("resting", "AAPL", "buy", 1, low)
    await trader.cancel(await trader.place("cancelled", "AAPL", "buy", 1, low))
    await trader.replace(await trader.place("replaced", "AAPL", "buy", 1, low), quantity="2")
    await trader.look("BTCUSDT")
    await trader.place("in-part", "BTCUSDT", "buy", 10_000, trader.quotes["BTCUSDT"][1])


async def bars_close(place: Place) -> None:
    """Bars of which every trade is on the tape."""
    await eventually(lambda: closed_bars(place.sources().read()), 60, every=0.5)


def closed_bars(snapshot: Snapshot) -> list[object]:
    """Bars made of trades of which the tape begins before them."""
    began = min(trade["time"] for tape in snapshot.tape.values() for trade in tape[:1])
    return [bar for bar in snapshot.rows("market_data.candles") if bar["start"] > began + MINUTE]


@pytest.fixture(scope="module")
def sources(busy: Place) -> Sources:
    return busy.sources()


def found_in(place: Place) -> list[Table]:
    """Every table of each service's file, and of the venue's journal, in which the broker has its own."""
    data = place.tool.sandbox() / "data"
    files = {service: data / f"{service}.db" for service in AUDITED} | {"venue": data / "venue" / "venue.db"}
    assert {path.stem for path in data.glob("*.db")} - {"broker"} == set(AUDITED)
    found = [table for service, path in files.items() for table in tables(path, service)]
    return [table for table in found if table.name not in REFUSED_AT_START | RENEWED | ON_ITS_WAY]


def test_a_value_changed_in_each_table_is_named(busy: Place, sources: Sources) -> None:
    chance = Random(SEED)
    places = [table for table in found_in(busy) if table.last() is not None]
    chosen = [(table, [chance.choice(noticed(table))]) for table in places]
    # Twice: a heartbeat may write its session's row anew between the change and the audit.
    again = [(table, columns) for table, columns in chosen if missed(sources, table, columns)]
    assert [name for table, columns in again for name in missed(sources, table, columns)] == []
    assert {table.service for table in places} == {*AUDITED, "venue"}


def test_a_row_that_nobody_wrote_is_named_where_there_was_none(busy: Place, sources: Sources) -> None:
    empty = [table for table in found_in(busy) if table.last() is None]
    unnamed = []
    for table in empty:
        with table.with_a_row():
            unnamed += [] if is_named(sources, table) else [table.place]
    assert unnamed == []
    assert "auth.audit_log" in {table.place for table in empty}


@pytest.mark.night
@pytest.mark.timeout(600)
def test_every_value_that_anybody_knows_is_named_when_it_is_changed(busy: Place, sources: Sources) -> None:
    places = [table for table in found_in(busy) if table.last() is not None]
    assert [name for table in places for name in missed(sources, table, noticed(table))] == []


def test_the_command_shows_what_differs_and_fails(busy: Place) -> None:
    cash = next(table for table in found_in(busy) if table.place == "portfolio.cash")
    row = cash.last()
    assert row is not None
    with cash.changed(row, "amount"):
        result = busy.tool.run("audit", "--json")
    assert result.code == 1
    assert "portfolio.cash.amount" in {each["where"] for each in result.json["differences"]}
    assert busy.tool.ok("audit").code == 0


def test_nothing_was_left_changed(sources: Sources) -> None:
    found = [compare(sources.read()) for _ in range(3)]
    assert set() in found  # a heartbeat may fall between the two sides of the FIX session


def noticed(table: Table) -> list[str]:
    return [column for column in table.columns if column not in UNNOTICED.get(table.place, set())]


def missed(sources: Sources, table: Table, columns: Sequence[str]) -> list[str]:
    """Of these columns, those that can be changed without the audit's naming the table."""
    row = table.last()
    assert row is not None
    found = []
    for column in columns:
        with table.changed(row, column):
            found += [] if is_named(sources, table) else [f"{table.place}.{column}"]
    return found


def is_named(sources: Sources, table: Table) -> bool:
    names = {table.place, f"broker.{table.name}"} if table.service == "venue" else {table.place}
    named = {".".join(each.difference.where.split(".")[:2]) for each in compare(sources.read())}
    return bool(names & named)
