"""Lists of a database that holds much: each is a range of an index, on SQLite and on MySQL."""

from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.auth import store as auth
from services.chat.store import follows, messages, moderation, topics, words
from services.chat.store.tables import messages as message_rows
from services.chat.store.tables import topics as topic_rows
from services.contracts.ids import new_id
from services.contracts.seeding import Batch, Newcomer, account_id
from services.kernel.database import Database
from services.kernel.seeding import entry_of
from services.kernel.uow import UnitOfWork
from services.notifications.store import messages as notifications
from services.notifications.store import pushes
from services.notifications.store.tables import push_deliveries, push_subscriptions
from services.orders.domain.order import Listing
from services.orders.store import instruments, pages, tables
from services.portfolio.store import accounts, history
from services.portfolio.store.tables import ledger, trades
from tests import parts
from tests.integration.orders.desk import AAPL
from tests.integration.pair import pair_of

PEOPLE, ORDERS = 40, 2_000
SEED = 3
ANN = account_id(SEED, 0)


def people(many: int) -> Batch:
    newcomers = (Newcomer(f"{number}@example.com", f"Name {number}", "en") for number in range(many))
    return Batch(seed=SEED, first=0, people=tuple(newcomers))


SOMEBODY = people(PEOPLE)
SOMETHING = Batch(seed=SEED, first=0, orders=ORDERS, accounts=PEOPLE)
MUCH = [people(2_000), Batch(seed=SEED, first=0, orders=10_000, accounts=10)] if parts.real() else [SOMEBODY, SOMETHING]
"""MySQL chooses by the number of rows, and rather sorts a few."""


class Asked(Exception):
    """What a list executes: it is not executed here."""

    def __init__(self, statement: Any) -> None:
        super().__init__("asked")
        self.statement = statement


class Listening:
    """In a connection's place."""

    async def execute(self, statement: Any, parameters: Any = None) -> Any:
        raise Asked(statement.params(**parameters) if parameters else statement)


async def statement_of(asking: Callable[[AsyncConnection], Awaitable[object]]) -> Any:
    """The statement that a list executes."""
    try:
        await asking(cast("AsyncConnection", Listening()))
    except Asked as asked:
        return asked.statement
    raise AssertionError("nothing was asked")


async def plan(connection: AsyncConnection, statement: Any) -> list[dict[str, Any]]:
    """How the database would do it."""
    said = str(statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN FORMAT=TRADITIONAL"
    return [dict(row) for row in (await connection.execute(text(f"{explain} {said}"))).mappings()]


def by_index(dialect: str, rows: list[dict[str, Any]]) -> bool:
    """Whether each step is a range of an index, already in the order that is wanted."""
    if dialect == "sqlite":
        steps = [str(row["detail"]) for row in rows]
        return all("INDEX" in step or "PRIMARY KEY" in step for step in steps) and not any("TEMP" in s for s in steps)
    return all(row["key"] and "filesort" not in str(row["Extra"]) for row in rows)


async def seeded(database: Database, service: str, *batches: Batch) -> None:
    if service == "orders":
        await database.transact(instruments.put, [Listing(instrument=AAPL, reference=20_000)])
    entry = entry_of(import_module(f"services.{service}.manifest").MANIFEST)
    for batch in batches:
        await database.transact(entry, batch)
    if service == "chat":
        await database.transact(talk)
    if service == "auth":
        await database.transact(enter)
    if service == "notifications":
        await database.transact(push)


async def enter(uow: UnitOfWork) -> None:
    """Sessions, which no seed brings: half of them have ended."""
    rows = [
        {"id": new_id(), "user_id": ANN if number % 10 else new_id(), "created": 1, "expires": 2, "revoked": ended}
        for number in range(5_000)
        for ended in (None, number)
    ]
    await uow.execute(insert(auth.sessions), rows)


async def push(uow: UnitOfWork) -> None:
    """Browsers, and what was pushed to them: half of it is dead."""
    rows = [{"subscription_id": new_id(), "endpoint": f"https://push.sandbox/{number}"} for number in range(5_000)]
    keys = {"p256dh": "k", "auth": "a", "created": 1}
    owned = [{**row, **keys, "user_id": new_id() if at % 10 else ANN} for at, row in enumerate(rows)]
    await uow.execute(insert(push_subscriptions), owned)
    tried = {"attempts": 1, "error": None}
    told = [
        {**row, **tried, "notification_id": new_id(), "due": at, "status": "dead" if at % 2 else "sent"}
        for at, row in enumerate(rows)
    ]
    await uow.execute(insert(push_deliveries), told)


async def talk(uow: UnitOfWork) -> None:
    """Topics, which no seed brings."""
    rows: list[dict[str, Any]] = [
        {"topic_id": new_id(), "title": "t", "author_id": ANN, "created": 1, "messages": 1, "active": number}
        for number in range(10_000)
    ]
    await uow.execute(insert(topic_rows), rows)
    said = ("market up", "market down", "other")
    for row in rows[:2_000]:
        message = {"message_id": new_id(), "topic_id": row["topic_id"], "author_id": ANN, "text": "t", "posted": 1}
        await uow.later(insert(message_rows), message)
        await words.keep(uow, message["message_id"], said[row["active"] % 3].split())


async def counted(connection: AsyncConnection, service: str) -> None:
    """MySQL's statistics of what has just been written."""
    if connection.dialect.name == "mysql":
        names = import_module(f"services.{service}.store").metadata.tables
        await connection.execute(text(f"ANALYZE TABLE {', '.join(f'`{name}`' for name in names)}"))


LISTS: dict[str, tuple[str, Callable[[AsyncConnection], Awaitable[object]]]] = {
    "orders": ("orders", lambda c: pages.page(c, pages.Selection(account_id=ANN), 50)),
    "orders, further on": ("orders", lambda c: pages.page(c, pages.Selection(account_id=ANN, before="01zz"), 50)),
    "orders of a symbol": ("orders", lambda c: pages.page(c, pages.Selection(account_id=ANN, symbol="AAPL"), 50)),
    "orders in a state": ("orders", lambda c: pages.page(c, pages.Selection(account_id=ANN, statuses=("new",)), 50)),
    "ledger": ("portfolio", lambda c: accounts.newest(c, ledger, ANN, None, 50)),
    "ledger, further on": ("portfolio", lambda c: accounts.newest(c, ledger, ANN, 1_000, 50)),
    "statement": ("portfolio", lambda c: history.lines_after(c, ANN, 0, 0, 2**62)),
    "statement, further on": ("portfolio", lambda c: history.lines_after(c, ANN, 1_000, 0, 2**62)),
    "trades": ("portfolio", lambda c: accounts.newest(c, trades, ANN, None, 50)),
    "users": ("auth", lambda c: auth.users_after(c, "", 50, None)),
    "users, further on": ("auth", lambda c: auth.users_after(c, ANN, 50, None)),
    "browsers": ("notifications", lambda c: pushes.subscriptions_of(c, ANN, None, 50)),
    "browsers, further on": ("notifications", lambda c: pushes.subscriptions_of(c, ANN, "01zz", 50)),
    "dead pushes": ("notifications", lambda c: pushes.dead(c, None, 50)),
    "dead pushes, further on": ("notifications", lambda c: pushes.dead(c, (2_000, "01zz", "01zz"), 50)),
    "topics": ("chat", lambda c: topics.latest(c, None, 50, ANN)),
    "messages found": ("chat", lambda c: words.found(c, ["market", "up"], None, None, 50)),
    "messages found further on": ("chat", lambda c: words.found(c, ["market"], None, "01zz", 50)),
    "reports": ("chat", lambda c: moderation.reports_in(c, "open", None, 50)),
    "what moderators did": ("chat", lambda c: moderation.latest_acts(c, None, 50)),
    "followed topics": ("chat", lambda c: follows.page(c, ANN, None, 50)),
    "messages": ("chat", lambda c: messages.latest(c, "t", None, 50)),
    "sessions": ("auth", lambda c: auth.sessions_of(c, ANN, 0, None, 50)),
    "sessions, further on": ("auth", lambda c: auth.sessions_of(c, ANN, 0, "01zz", 50)),
    "notifications": ("notifications", lambda c: notifications.inbox_of(c, ANN, None, 50)),
}


@pytest.mark.parametrize(("service", "asking"), LISTS.values(), ids=LISTS)
async def test_a_list_is_a_range_of_an_index(
    service: str, asking: Callable[[AsyncConnection], Awaitable[object]], tmp_path: Path
) -> None:
    async with pair_of(tmp_path, service) as (database, _):
        await seeded(database, service, *MUCH)
        async with database.reading() as connection:
            await counted(connection, service)
            rows = await plan(connection, await statement_of(asking))
            assert by_index(connection.dialect.name, rows), str(rows)


async def test_a_list_without_its_index_would_be_noticed(tmp_path: Path) -> None:
    async with pair_of(tmp_path, "orders") as (database, _):
        await seeded(database, "orders", SOMEBODY, SOMETHING)
        async with database.reading() as connection:
            unsorted = select(tables.orders).order_by(tables.orders.c.created).limit(50)
            assert not by_index(connection.dialect.name, await plan(connection, unsorted))


async def test_the_same_batch_again_adds_nothing(tmp_path: Path) -> None:
    async with pair_of(tmp_path, "orders") as (database, _):
        for _ in range(2):
            await seeded(database, "orders", SOMEBODY, SOMETHING)
        async with database.reading() as connection:
            for table, count in ((tables.orders, ORDERS), (tables.history, 2 * ORDERS), (tables.accounts, PEOPLE)):
                assert (await connection.execute(select(func.count()).select_from(table))).scalar_one() == count
