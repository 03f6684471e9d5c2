"""Two mailers of one list: each mail leaves once, whoever is the mailer and whatever is lost meanwhile."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtplib import SMTP
from sqlalchemy import select

from services.kernel.database import Database
from services.kernel.service import Service
from services.kernel.uow import UnitOfWork
from services.notifications import handlers
from services.notifications.domain import plain_message
from services.notifications.gateway import Mailer
from services.notifications.gateway.figures import Figures
from services.notifications.manifest import MANIFEST
from services.notifications.store import messages as store
from services.notifications.store.tables import deliveries
from services.runtime.resources import Resources
from tests.eventually import eventually
from tests.integration.neighbours import Neighbourhood
from tests.integration.notifications.desk import FAST, post_office
from tests.integration.pair import Pair, pair_of


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    async with pair_of(tmp_path, "notifications") as opened:
        yield opened


async def written(database: Database, mails: int) -> None:
    """So many mails that are due."""

    async def add(uow: UnitOfWork) -> None:
        message = plain_message("ann", "welcome", "en", {})
        rows = [handlers.row_of(message, uow.wall, None, in_app=True) for _ in range(mails)]
        addressed = [handlers.mail_of(row["notification_id"], "ann@example.org", uow.wall, message) for row in rows]
        await store.add(uow, rows, addressed)

    await database.transact(add)


async def statuses(database: Database) -> Counter[str]:
    async with database.reading() as connection:
        return Counter((await connection.execute(select(deliveries.c.status))).scalars())


async def sent(database: Database) -> int:
    return (await statuses(database))["sent"]


@asynccontextmanager
async def mailer(around: Neighbourhood) -> AsyncIterator[Mailer]:
    """A process's mailer, running until the end of the block."""
    urls = {**around.stack.urls, "database": around.stack.parts.database("notifications")}
    service = Service(MANIFEST, Resources(name="notifications", urls=urls, key="k", options=FAST))
    made = Mailer(service, Figures(service.metrics))
    running = asyncio.ensure_future(made.run())
    try:
        yield made
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await service.close()


async def test_two_mailers_send_each_mail_once_though_one_stops_among_them(tmp_path: Path, pair: Pair) -> None:
    async with post_office(tmp_path) as (around, post), AsyncExitStack() as first, mailer(around):
        await first.enter_async_context(mailer(around))
        await written(pair[0], 40)
        await eventually(lambda: sent(pair[0]))
        await first.aclose()

        async def all_sent() -> bool:
            return await statuses(pair[0]) == {"sent": 40}

        await eventually(all_sent)
        mails = await post.arrived("ann@example.org", 40)
        assert [mail["deliveries"] for mail in mails] == [1] * 40


async def test_a_mail_that_has_left_when_its_mailer_is_told_to_end_does_not_leave_again(
    tmp_path: Path, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    send, kept, answered = SMTP.send_message, asyncio.Event(), asyncio.Event()

    async def answered_late(*arguments: Any, **named: Any) -> Any:
        answer = await send(*arguments, **named)
        kept.set()
        await answered.wait()
        return answer

    monkeypatch.setattr(SMTP, "send_message", answered_late)
    async with post_office(tmp_path) as (around, _), AsyncExitStack() as first:
        await first.enter_async_context(mailer(around))
        await written(pair[0], 1)
        await kept.wait()
        ending = asyncio.ensure_future(first.aclose())
        asyncio.get_running_loop().call_later(0.1, answered.set)
        await ending
        assert await statuses(pair[0]) == {"sent": 1}


async def test_a_database_that_is_lost_after_the_sending_makes_none_leave_again(
    tmp_path: Path, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle, lost = handlers.settle, [True]

    async def settle_or_not(uow: UnitOfWork, outcomes: list[dict[str, object]]) -> None:
        if lost:
            raise ConnectionError("the database is gone")
        await settle(uow, outcomes)

    monkeypatch.setattr(handlers, "settle", settle_or_not)
    async with post_office(tmp_path) as (around, post), mailer(around):
        await written(pair[0], 3)
        await post.arrived("ann@example.org", 3)
        assert await statuses(pair[0]) == {"pending": 3}
        lost.clear()

        async def settled() -> bool:
            return await statuses(pair[0]) == {"sent": 3}

        await eventually(settled)
        assert [mail["deliveries"] for mail in await post.mails("ann@example.org")] == [1] * 3


async def test_what_became_of_a_mail_is_written_once(pair: Pair) -> None:
    """By whom was the mailer before, and by whom has tried it since."""
    await written(pair[0], 1)
    async with pair[0].reading() as connection:
        (row,) = [dict(found) for found in await store.due(connection, 2**62, 5)]
    await pair[1].transact(handlers.settle, [handlers.outcome(row, "sent", 1, row["due"])])
    await pair[0].transact(handlers.settle, [handlers.outcome(row, "dead", 1, row["due"], "too late")])
    assert await statuses(pair[0]) == {"sent": 1}
