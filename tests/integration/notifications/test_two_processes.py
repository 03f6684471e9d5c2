"""Two mailers of one list: each mail leaves once, whoever sends it and whoever is killed."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from services.contracts.clock import SECOND
from services.kernel.database import Database
from services.kernel.service import Service
from services.kernel.uow import UnitOfWork
from services.notifications import handlers, store
from services.notifications.domain import plain_message
from services.notifications.gateway import AT_ONCE, CLAIM, Mailer
from services.notifications.manifest import MANIFEST
from services.runtime.resources import Resources
from tests.integration.neighbours import Neighbourhood
from tests.integration.notifications.desk import FAST, post_office
from tests.integration.pair import Pair, pair_of

LIFETIME = int(CLAIM * SECOND)


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    async with pair_of(tmp_path, "notifications") as opened:
        yield opened


async def written(database: Database, mails: int) -> None:
    """So many mails that are due."""

    async def add(uow: UnitOfWork) -> None:
        message = plain_message("ann", "welcome", "en", {})
        rows = [handlers.row_of(message, uow.wall) for _ in range(mails)]
        addressed = [handlers.mail_of(row["notification_id"], "ann@example.org", uow.wall, message) for row in rows]
        await store.add(uow, rows, addressed)

    await database.transact(add)


async def statuses(database: Database) -> Counter[str]:
    async with database.reading() as connection:
        return Counter((await connection.execute(select(store.deliveries.c.status))).scalars())


async def test_each_mail_is_claimed_by_one(pair: Pair) -> None:
    await written(pair[0], 20)
    claims = await asyncio.gather(*(each.transact(handlers.claim, LIFETIME, AT_ONCE) for each in pair * 4))
    names = [row["notification_id"] for some in claims for row in some]
    assert len(names) == len(set(names)) == 20


async def test_what_a_killed_mailer_has_claimed_is_due_again_when_the_claim_has_run_out(pair: Pair) -> None:
    one, other = pair
    await written(one, 3)
    killed = await one.transact(handlers.claim, LIFETIME, AT_ONCE)
    assert await other.transact(handlers.claim, LIFETIME, AT_ONCE) == []

    async def claim_later(uow: UnitOfWork) -> list[dict[str, object]]:
        uow.wall += LIFETIME
        return await handlers.claim(uow, LIFETIME, AT_ONCE)

    claimed = await other.transact(claim_later)
    assert {row["notification_id"] for row in claimed} == {row["notification_id"] for row in killed}
    late = [handlers.outcome(row, "dead", 1, 0, "too late") for row in killed]
    await one.transact(handlers.settle, late)
    assert await statuses(one) == {"pending": 3}
    await other.transact(handlers.settle, [handlers.outcome(row, "sent", 1, 0) for row in claimed])
    assert await statuses(one) == {"sent": 3}


def mailer(around: Neighbourhood) -> tuple[Service, Mailer]:
    urls = {**around.stack.urls, "database": around.stack.parts.database("notifications")}
    service = Service(MANIFEST, Resources(name="notifications", urls=urls, key="k", options=FAST))
    return service, Mailer(service)


async def test_two_mailers_send_each_mail_once(tmp_path: Path, pair: Pair) -> None:
    async with post_office(tmp_path) as (around, post):
        await written(pair[0], 40)
        services, mailers = zip(*(mailer(around) for _ in range(2)), strict=True)
        try:
            await asyncio.gather(*(sent_all(each) for each in mailers))
        finally:
            for each in services:
                await each.close()
        assert await statuses(pair[0]) == {"sent": 40}
        mails = await post.arrived("ann@example.org", 40)
        assert [mail["deliveries"] for mail in mails] == [1] * 40


async def sent_all(mailer: Mailer) -> None:
    while await mailer.send_due():
        pass


async def test_a_database_that_is_lost_after_the_sending_makes_none_leave_again(
    tmp_path: Path, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with post_office(tmp_path) as (around, post):
        await written(pair[0], 3)
        service, sender = mailer(around)
        settle, lost = handlers.settle, [True]

        async def settle_or_not(uow: UnitOfWork, outcomes: list[dict[str, object]]) -> None:
            if lost:
                raise ConnectionError("the database is gone")
            await settle(uow, outcomes)

        monkeypatch.setattr(handlers, "settle", settle_or_not)
        with pytest.raises(ConnectionError):
            await sender.send_due()
        lost.clear()
        await sent_all(sender)
        await service.close()
        assert [mail["deliveries"] for mail in await post.arrived("ann@example.org", 3)] == [1] * 3
