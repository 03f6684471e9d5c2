"""One value changed in each table of each service, and in the venue's journal: the audit names each."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.tool import Tool
from tradectl.audit.report import compare
from tradectl.audit.snapshot import Sources
from tradectl.probes import http
from tradectl.probes.eventually import eventually
from tradectl.smoke.client import Client
from tradectl.smoke.run import Day, deposit, enter
from tradectl.smoke.steps import Journal
from tradectl.stack.state import Sandbox

# The first row of each table, or one that this condition finds, and the column that is changed.
CHANGES = {
    "auth.users": ("display_name", ""),
    "chat.members": ("display_name", ""),
    "chat.messages": ("topic_id", ""),
    "chat.topics": ("messages", ""),
    "market_data.candles": ("volume", "historical = 0 AND interval = '1m' AND start % 3600000000 >= 720000000"),
    "market_data.instruments": ("reference", ""),
    "market_data.progress": ("trade_id", ""),
    "notifications.deliveries": ("address", ""),
    "notifications.notifications": ("title", "notification_id IN (SELECT notification_id FROM deliveries)"),
    "notifications.profiles": ("email", ""),
    "orders.accounts": ("open_orders", ""),
    "orders.balances": ("total", ""),
    "orders.deposits": ("amount", ""),
    "orders.fills": ("price", ""),
    "orders.fix_sessions": ("next_out", ""),
    "orders.history": ("kind", "number = 1"),
    "orders.instruments": ("reference", ""),
    "orders.orders": ("value", ""),
    "portfolio.cash": ("amount", ""),
    "portfolio.deposits": ("amount", ""),
    "portfolio.ledger": ("amount", ""),
    "portfolio.lots": ("cost", ""),
    "portfolio.positions": ("quantity", ""),
    "portfolio.reservations": ("amount", ""),
    "portfolio.trades": ("fee", ""),
    "recommendations.signals": ("strength", ""),
    "venue.commands": ("time", ""),
    "venue.executions": ("last_price", "kind = 'trade'"),
    "venue.meta": ("text", ""),
    "venue.trades": ("quantity", ""),
}


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tool]:
    """A platform on which something of everything has happened, its market paused."""
    tool = Tool(tmp_path_factory.mktemp("busy"))
    tool.ok("up", "--quiet", "--at", "2024-08-08T07:11:00Z")
    tool.ok("clock", "speed", "20")
    tool.ok("smoke", "--json")
    act(tool)
    yield tool
    tool.run("down", "--all")
    assert tool.leftovers() == []


def act(tool: Tool) -> None:
    """An order that rests, and a topic with a message."""
    endpoints = tool.ok("up", "--json").json["endpoints"]
    day = Day(Client(endpoints["bff.http"]), endpoints["mail.http"], Journal(lambda _: None), "busy@example.com")
    enter(day)
    for asset, amount in DEPOSITS.items():
        deposit(day, asset, amount)
    low = day.client.get("/quotes/AAPL")["bid"].partition(".")[0]
    order = {"symbol": "AAPL", "side": "buy", "type": "limit", "tif": "gtc", "quantity": "1"}
    resting = f"{int(low) * 95 // 100}.00"
    day.client.post("/orders", {**order, "limit_price": resting, "client_order_id": "resting"})
    topic = day.client.post("/chat/topics", {"title": "Hello"}, key=True)
    day.client.post(f"/chat/topics/{topic['id']}/messages", {"text": "How are you?"}, key=True)


DEPOSITS: dict[str, Any] = {"USD": 10_000}


@pytest.fixture(scope="module")
def sources(busy: Tool) -> Sources:
    """What the audit reads, once a bar has closed and nothing moves any more."""
    place = Sandbox("default", busy.sandbox())
    endpoints = busy.ok("up", "--json").json["endpoints"]
    found = Sources(endpoints, place.keys()["key"], place.keys()["provider_key"])
    eventually(lambda: market_time(found) > "2024-08-08T07:15" or None, 60, what="four minutes of market", every=0.2)
    busy.ok("clock", "pause")
    document = busy.ok("audit", "--settled", "--json").json
    assert document["clean"], document["differences"]
    return found


def market_time(sources: Sources) -> str:
    return str(http.get(f"{sources.endpoints['clock.http']}/clock").json()["now"])


@pytest.mark.parametrize("place", CHANGES)
def test_a_changed_value_is_named(busy: Tool, sources: Sources, place: str) -> None:
    service, _, table = place.partition(".")
    column, condition = CHANGES[place]
    before = compare(sources.read())
    with Changed(database(busy, service), table, column, condition):
        found = compare(sources.read()) - before
    assert found, f"{place}.{column} was changed and nobody noticed"
    assert any(named in f"{each.difference.where} {each.rule}" for each in found for named in (service, table)), found


def test_the_command_shows_what_differs_and_fails(busy: Tool, sources: Sources) -> None:
    with Changed(database(busy, "portfolio"), "cash", "amount", ""):
        result = busy.run("audit", "--json")
    assert result.code == 1
    assert {each["where"] for each in result.json["differences"]} >= {"portfolio.cash.amount"}
    assert busy.ok("audit").code == 0


def database(tool: Tool, service: str) -> Path:
    data = tool.sandbox() / "data"
    return data / "venue" / "venue.db" if service == "venue" else data / f"{service}.db"


class Changed:
    """One value of one row is another one for as long as this is open."""

    def __init__(self, path: Path, table: str, column: str, condition: str) -> None:
        self.path, self.table, self.column = path, table, column
        self.where = f"WHERE {condition}" if condition else ""

    def __enter__(self) -> None:
        with closing(sqlite3.connect(self.path, timeout=10)) as connection, connection:
            keys = [row[1] for row in connection.execute(f'PRAGMA table_info("{self.table}")') if row[5]]
            self.key = " AND ".join(f'"{key}" = ?' for key in keys)
            chosen = ", ".join(f'"{name}"' for name in (*keys, self.column))
            row = connection.execute(f'SELECT {chosen} FROM "{self.table}" {self.where} LIMIT 1').fetchone()
            assert row, f"{self.table} has no such row"
            self.row, self.value = row[:-1], row[-1]
            self._set(connection, other(self.value))

    def __exit__(self, *_: object) -> None:
        with closing(sqlite3.connect(self.path, timeout=10)) as connection, connection:
            self._set(connection, self.value)

    def _set(self, connection: sqlite3.Connection, value: object) -> None:
        statement = f'UPDATE "{self.table}" SET "{self.column}" = ? WHERE {self.key}'
        assert connection.execute(statement, (value, *self.row)).rowcount == 1


def other(value: Any) -> Any:
    return f"{value}x" if isinstance(value, str) else value + 1
