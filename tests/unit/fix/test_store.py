import sqlite3
from collections.abc import Iterator

import pytest

from services.fix.codec import encode
from services.fix.session import Exchange, StoredMessage
from services.fix.store import MemoryStore, MessageStore, SqliteStore, is_whole
from tests.unit.fix.wire import Wire


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    yield connection
    connection.close()


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, connection: sqlite3.Connection) -> MessageStore:
    if request.param == "memory":
        return MemoryStore()
    sqlite = SqliteStore(connection, "US-PEER")
    sqlite.create()
    return sqlite


def sent(wire: Wire, *symbols: str) -> Exchange:
    exchange = Exchange(wire.session, wire.now)
    for symbol in symbols:
        exchange.effects += wire.send(symbol).effects
    return exchange


def test_a_new_store_begins_at_one(store: MessageStore) -> None:
    assert store.load() == (1, 1)
    assert store.stored(1, 10) == []


def test_numbers_and_messages_are_kept(store: MessageStore) -> None:
    wire = Wire().up()
    exchange = sent(wire, "A", "B", "C")
    store.keep(exchange)
    assert store.load() == (5, 2)
    assert store.stored(3, 4) == exchange.sent[1:]
    store.keep(sent(wire))
    assert store.stored(1, 100) == exchange.sent


def test_a_reset_forgets_what_was_kept(store: MessageStore) -> None:
    wire = Wire().up()
    store.keep(sent(wire, "A", "B"))
    exchange = Exchange(wire.session, wire.now)
    exchange.effects += wire.logon((141, "Y"), seq=1).effects
    exchange.effects += wire.send("C").effects
    store.keep(exchange)
    assert store.load() == (3, 2)
    assert store.stored(1, 100) == exchange.sent


def test_the_store_leaves_the_commit_to_its_caller(connection: sqlite3.Connection) -> None:
    store = SqliteStore(connection, "US-PEER")
    store.create()
    connection.execute("BEGIN IMMEDIATE")
    store.keep(sent(Wire().up(), "A"))
    connection.execute("ROLLBACK")
    assert store.load() == (1, 1)
    assert store.stored(1, 100) == []


def test_sessions_of_one_file_do_not_mix(connection: sqlite3.Connection) -> None:
    one, other = SqliteStore(connection, "US-PEER"), SqliteStore(connection, "US-DROP")
    one.create()
    one.keep(sent(Wire().up(), "A"))
    assert other.load() == (1, 1)
    assert other.stored(1, 100) == []


def test_a_kept_message_is_whole_under_its_own_number_alone() -> None:
    frame = encode([(35, "0"), (34, 7)])
    assert is_whole(StoredMessage(7, frame))
    assert not is_whole(StoredMessage(8, frame))
    assert not is_whole(StoredMessage(7, frame.replace(b"34=7", b"34=8")))
    assert not is_whole(StoredMessage(7, b"nothing"))
