"""The exchange over its journal: one transaction, then reports and messages; what a restart brings back."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from services.contracts.clock import SECOND
from services.contracts.market import BookDelta, MarketMessage, Trade
from services.contracts.times import from_rfc3339
from sim.venue import audit
from sim.venue.exchange import Exchange, JournalLostError
from sim.venue.journal import KEYS, TABLES, Journal
from sim.venue.orders import Execution, NewOrder
from sim.venue.recovery import JournalError
from sim.venue.sessions import CALL
from sim.venue.setup import Setup
from sim.venue.world import GRID
from tests.integration.sim.venue.child import ORIGIN, SETUP, opened, trade


class Sink:
    """Notes in the journal what it was given, and what it was told to release."""

    def __init__(self, exchange: Exchange) -> None:
        exchange.journal().execute("CREATE TABLE IF NOT EXISTS carried (number INTEGER)")
        exchange.on_executions(self)
        self.prepared: list[Execution] = []
        self.released = 0

    def prepare(self, connection: sqlite3.Connection, executions: Sequence[Execution]) -> None:
        connection.executemany("INSERT INTO carried VALUES (?)", [(each.number,) for each in executions])
        self.prepared += executions

    def release(self) -> None:
        self.released = len(self.prepared)


def market_buy(name: str, symbol: str = "AAPL", quantity: int = 5) -> NewOrder:
    return NewOrder(
        sender="ORDERS",
        cl_ord_id=name,
        account="alice",
        symbol=symbol,
        side="buy",
        type="market",
        tif="day",
        quantity=quantity,
    )


def limit_buy(exchange: Exchange, name: str, away: int, symbol: str = "AAPL", tif: str = "day") -> NewOrder:
    price = exchange.snapshot(symbol).bids[0][0] - away * exchange.instruments[symbol].tick
    return msgspec.structs.replace(market_buy(name, symbol), type="limit", tif=tif, limit_price=price)


def status(exchange: Exchange, symbol: str) -> str:
    return exchange.instruments[symbol].status


def play(exchange: Exchange, seconds: float) -> None:
    exchange.world.advance(exchange.world.now + int(seconds * 1_000_000))
    exchange.commit()


@pytest.fixture
def exchange(tmp_path: Path) -> Exchange:
    return opened(tmp_path)


async def test_commands_executions_and_what_the_caller_writes_are_one_transaction(exchange: Exchange) -> None:
    sink = Sink(exchange)

    def within(connection: sqlite3.Connection) -> None:
        assert connection.in_transaction
        connection.execute("INSERT INTO carried VALUES (-1)")

    await exchange.execute([market_buy("a"), market_buy("b")], within)
    numbers = [row[0] for row in exchange.journal().execute("SELECT number FROM carried ORDER BY number")]
    assert numbers == [-1, *(each.number for each in exchange.executions_since(0))]
    assert sink.released == len(sink.prepared) >= 4


async def test_a_commit_that_fails_takes_no_more_orders(exchange: Exchange) -> None:
    def broken(_: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("disk full")

    with pytest.raises(sqlite3.OperationalError):
        await exchange.execute([market_buy("a")], broken)
    with pytest.raises(JournalLostError):
        await exchange.execute([market_buy("b")])
    assert exchange.executions_since(0) == []


async def test_a_transaction_without_commands_may_fail_by_itself(exchange: Exchange) -> None:
    def broken(_: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("no such table")

    with pytest.raises(sqlite3.OperationalError):
        await exchange.execute([], broken)
    await exchange.execute([market_buy("b")])
    assert exchange.executions_since(0)


async def test_deltas_lead_from_one_snapshot_to_the_next(exchange: Exchange) -> None:
    heard: list[MarketMessage] = []
    exchange.on_market(heard.extend)
    before = exchange.snapshot("BTCUSDT")
    play(exchange, 5)
    await exchange.execute([market_buy("a", "BTCUSDT", 50_000)])
    after = exchange.snapshot("BTCUSDT")
    bids, asks, seq = dict(before.bids), dict(before.asks), before.seq
    for message in (each for each in heard if each.symbol == "BTCUSDT"):
        assert isinstance(message, Trade | BookDelta)
        assert message.prev_seq == seq
        seq = message.seq
        if isinstance(message, BookDelta):
            bids.update(message.bids)
            asks.update(message.asks)
    assert seq == after.seq
    assert {price: size for price, size in bids.items() if size} == dict(after.bids)
    assert {price: size for price, size in asks.items() if size} == dict(after.asks)


async def test_the_tape_is_kept_by_rising_ids(exchange: Exchange) -> None:
    heard: list[MarketMessage] = []
    exchange.on_market(heard.extend)
    play(exchange, 3)
    await exchange.execute([market_buy("a", "BTCUSDT")])
    told = [each for each in heard if isinstance(each, Trade) and each.symbol == "BTCUSDT"]
    kept = exchange.trades_after("BTCUSDT", 0, 1_000)
    assert [trade.trade_id for trade in kept] == list(range(1, len(kept) + 1))
    assert [(t.trade_id, t.price, t.quantity) for t in kept] == [(t.trade_id, t.price, t.quantity) for t in told]
    assert exchange.trades_after("BTCUSDT", len(kept) - 2, 1) == kept[-2:-1]


async def test_a_restart_finds_orders_ended_before_the_checkpoint(tmp_path: Path, exchange: Exchange) -> None:
    await exchange.execute([market_buy("ended"), limit_buy(exchange, "open", 5)])
    exchange.keep_checkpoint()
    again = opened(tmp_path)
    status = again.order("ORDERS", "ended")
    assert status is not None
    assert status.status == "filled"
    await again.execute([market_buy("ended")])
    assert again.executions_since(0)[-1].reason == "duplicate_order"
    assert [each.cl_ord_id for each in again.open_orders("ORDERS")] == ["open"]


async def test_a_journal_that_contradicts_itself_is_not_played(tmp_path: Path, exchange: Exchange) -> None:
    await exchange.execute([market_buy("a")])
    exchange.journal().execute("UPDATE executions SET last_price = last_price + 1 WHERE kind = 'trade'")
    with pytest.raises(JournalError, match="executions after number 0"):
        opened(tmp_path)


async def test_another_feed_takes_over_at_a_restart_and_is_marked(tmp_path: Path, exchange: Exchange) -> None:
    play(exchange, 2)
    await exchange.execute([limit_buy(exchange, "open", 500, "BTCUSDT")])
    csv = tmp_path / "trades.csv"
    csv.write_text("time,price,quantity\n1723161254,60000.00,1\n", encoding="utf-8")
    again = opened(tmp_path, msgspec.structs.replace(SETUP, feed=str(csv), at_end="halt"))
    again.keep_checkpoint()
    play(again, 1)
    assert again.snapshot("BTCUSDT").last == 6_000_000
    assert again.order("ORDERS", "open") is not None
    marks = [row[0] for row in again.journal().execute("SELECT what FROM marks ORDER BY time")]
    assert marks[0].startswith("feed changed to")
    third = opened(tmp_path, msgspec.structs.replace(SETUP, feed=str(csv), at_end="halt"))
    assert third.snapshot("BTCUSDT") == again.snapshot("BTCUSDT")


async def test_at_the_close_day_orders_expire_and_time_jumps_to_the_next_open(tmp_path: Path) -> None:
    exchange = opened(tmp_path, Setup(seed=7, origin=from_rfc3339("2024-08-09T20:39:58Z")))
    play(exchange, 1)
    orders = [
        limit_buy(exchange, f"{symbol} {tif}", away, symbol, tif)
        for symbol, away in (("SBER", 5), ("BTCUSDT", 50_000))
        for tif in ("day", "gtc")
    ]
    orders = [msgspec.structs.replace(order, quantity=10) for order in orders]
    heard: list[MarketMessage] = []
    exchange.on_market(heard.extend)
    await exchange.execute(orders)
    play(exchange, 1 + CALL // SECOND)
    assert exchange.world.now == from_rfc3339("2024-08-12T07:00:00Z")
    assert all(exchange.snapshot(symbol).asks for symbol in exchange.instruments)
    expired = {each.cl_ord_id for each in exchange.executions_since(0) if each.kind == "expired"}
    assert expired == {"SBER day", "BTCUSDT day"}
    turns = [each.status for each in heard if each.symbol == "SBER" and not isinstance(each, Trade | BookDelta)]
    assert turns == ["pre_close", "closed", "pre_open", "open"]
    assert exchange.clock.now() == exchange.world.now
    play(exchange, 2)
    assert all(exchange.snapshot(symbol).bids for symbol in exchange.instruments)
    assert opened(tmp_path, exchange.world.setup).snapshot("AAPL") == exchange.snapshot("AAPL")


async def test_before_the_open_shares_are_closed_and_crypto_trades(tmp_path: Path) -> None:
    exchange = opened(tmp_path, Setup(seed=7, origin=from_rfc3339("2024-08-08T06:57:00Z")))
    await exchange.execute([market_buy("share"), market_buy("coin", "BTCUSDT")])
    reasons = {each.cl_ord_id: each.reason for each in exchange.executions_since(0) if each.kind != "new"}
    assert reasons == {"share": "closed", "coin": ""}
    assert status(exchange, "AAPL") == "closed"
    play(exchange, 182)
    await exchange.execute([market_buy("later")])
    assert exchange.executions_since(0)[-1].status == "filled"
    assert status(exchange, "AAPL") == "open"


async def test_an_auction_trades_at_the_open_and_goes_on_after_a_restart_where_it_was(tmp_path: Path) -> None:
    setup = Setup(seed=7, origin=from_rfc3339("2024-08-08T06:59:50Z"))
    exchange = opened(tmp_path, setup)
    price = exchange.reference("AAPL")
    ours = market_buy("hurried", quantity=2)
    theirs = {"type": "limit", "limit_price": price, "account": "bob", "side": "sell", "cl_ord_id": "theirs"}
    await exchange.execute([ours, msgspec.structs.replace(ours, **{**theirs, "quantity": 3})])
    exchange.keep_checkpoint()
    again = opened(tmp_path, setup)
    await again.execute([msgspec.structs.replace(market_buy("late"), type="limit", limit_price=price, quantity=4)])
    play(again, 12)
    trades = [each for each in again.executions_since(0) if each.counterparty.startswith("V")]

    assert {each.time for each in trades} == {from_rfc3339("2024-08-08T07:00:00Z")}
    assert [(each.cl_ord_id, each.last_quantity, each.last_price) for each in trades] == [
        ("hurried", 2, price),
        ("theirs", 2, price),
        ("late", 1, price),
        ("theirs", 1, price),
    ]
    assert opened(tmp_path, setup).executions_since(0) == again.executions_since(0), "played again from the journal"


async def test_orders_at_market_from_before_the_open_meet_the_sessions_first_price(tmp_path: Path) -> None:
    exchange = opened(tmp_path, Setup(seed=7, origin=from_rfc3339("2024-08-08T06:59:50Z")))
    await exchange.execute([market_buy("early")])
    play(exchange, 12)
    (*_, last) = exchange.executions_since(0)
    assert (last.cl_ord_id, last.status, last.counterparty) == ("early", "filled", "feed")
    assert last.time >= from_rfc3339("2024-08-08T07:00:00Z")


@pytest.mark.parametrize("table", list(TABLES))
async def test_the_page_names_a_value_that_was_changed_in_any_table(tmp_path: Path, table: str) -> None:
    exchange = opened(tmp_path)
    await trade(exchange, 160)
    exchange.world.markets["AAPL"].mark("a mark")
    exchange.commit()
    exchange.keep_checkpoint()
    journal = Journal(tmp_path / "venue.db")
    assert unsound(journal) == set()
    for column in TABLES[table]:
        journal.connection.execute("SAVEPOINT change")
        first = " AND ".join(
            f'"{name}" = (SELECT min("{name}") FROM {table})' for name in KEYS.get(table, "number").split(", ")
        )
        change = f'UPDATE {table} SET "{column}" = coalesce("{column}", 0) || 7777777 WHERE {first}'
        assert journal.connection.execute(change).rowcount == 1
        assert unsound(journal) == {table}, column
        journal.connection.execute("ROLLBACK TO change")


def unsound(journal: Journal) -> set[str]:
    page = audit.page(journal, "")
    found = {each["table"] for each in page["unsound"]}
    while page["next"] is not None:
        page = audit.page(journal, page["next"])
        found |= {each["table"] for each in page["unsound"]}
    return found


def test_the_grid_divides_a_second() -> None:
    assert 1_000_000 % GRID == 0
    assert ORIGIN % GRID == 0
