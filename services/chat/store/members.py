"""A copy of who is called what, and how they are mentioned."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from services.chat.domain import handle_of
from services.chat.store.tables import handles, members
from services.contracts.seeding import Batch, account_id, numbers
from services.kernel import seals
from services.kernel.inserts import insert_new_rows, upsert
from services.kernel.uow import UnitOfWork

MOST = 5
"""Users of one name who are all meant by it; of a name that more have, none is."""
CALLED = (
    select(handles.c.user_id)
    .where(handles.c.handle == bindparam("of_handle"))
    .order_by(handles.c.user_id)
    .limit(MOST + 1)
)
KNOWN = select(members.c.user_id).where(members.c.user_id.in_(bindparam("ids", expanding=True)))


async def keep(uow: UnitOfWork, user_id: str, display_name: str) -> None:
    """Keep what a user is called."""
    dialect = uow.connection.dialect.name
    await uow.later(upsert(members, dialect), {"user_id": user_id, "display_name": display_name})
    await uow.later(upsert(handles, dialect), handle_row(user_id, display_name))


def handle_row(user_id: str, display_name: str) -> dict[str, object]:
    """The handle, sealed."""
    row: dict[str, object] = {"user_id": user_id, "handle": handle_of(display_name)}
    return {**row, seals.NAME: seals.of_row(handles, row)}


async def called(uow: UnitOfWork, named: Sequence[str]) -> list[str]:
    """Who is meant by these handles, or ids, in their order."""
    if not named:
        return []
    known, *found = await uow.execute_all(
        (KNOWN, {"ids": list(named)}), *((CALLED, {"of_handle": handle}) for handle in named)
    )
    by_id = set(known.scalars())
    meant: dict[str, None] = {}
    for handle, rows in zip(named, found, strict=True):
        users = [handle] if handle in by_id else list(rows.scalars())
        meant |= dict.fromkeys(users if len(users) <= MOST else ())
    return list(meant)


async def seed(uow: UnitOfWork, batch: Batch) -> None:
    """Names of people who have always been there."""
    names = [
        (account_id(batch.seed, number), each.display_name)
        for number, each in zip(numbers(batch), batch.people, strict=True)
    ]
    await insert_new_rows(uow, members, names)
    await insert_new_rows(uow, handles, [tuple(handle_row(*each).values()) for each in names])


async def name_of(uow: UnitOfWork, user_id: str) -> str | None:
    """What a user is called; none for one whose profile has not come yet."""
    query = select(members.c.display_name).where(members.c.user_id == user_id)
    name: str | None = (await uow.execute(query)).scalar_one_or_none()
    return name
