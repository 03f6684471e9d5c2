"""A copy of who is called what."""

from sqlalchemy import select

from services.chat.store.tables import members
from services.contracts.seeding import Batch, account_id, numbers
from services.kernel.inserts import insert_new_rows, upsert
from services.kernel.uow import UnitOfWork


async def keep(uow: UnitOfWork, user_id: str, display_name: str) -> None:
    """Keep what a user is called."""
    await uow.later(upsert(members, uow.connection.dialect.name), {"user_id": user_id, "display_name": display_name})


async def seed(uow: UnitOfWork, batch: Batch) -> None:
    """Names of people who have always been there."""
    rows = [
        (account_id(batch.seed, number), each.display_name)
        for number, each in zip(numbers(batch), batch.people, strict=True)
    ]
    await insert_new_rows(uow, members, rows)


async def name_of(uow: UnitOfWork, user_id: str) -> str | None:
    """What a user is called; none for one whose profile has not come yet."""
    query = select(members.c.display_name).where(members.c.user_id == user_id)
    name: str | None = (await uow.execute(query)).scalar_one_or_none()
    return name
