"""What users chose: by which channels they are told what."""

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.kernel.inserts import upsert
from services.kernel.uow import UnitOfWork
from services.notifications.domain.preferences import Channel, Choices
from services.notifications.store.tables import preferences

CHOICES = select(preferences.c.choices).where(preferences.c.user_id == bindparam("of_user"))
DECODER = msgspec.json.Decoder(dict[str, tuple[Channel, ...]])


async def keep(uow: UnitOfWork, user_id: str, choices: Choices) -> None:
    """What a user chose, in the place of what he chose before."""
    row = {"user_id": user_id, "choices": msgspec.json.encode(choices, order="sorted"), "changed": uow.wall}
    await uow.later(upsert(preferences, uow.connection.dialect.name), row)


async def choices_of(connection: AsyncConnection, user_id: str) -> Choices:
    """What a user chose; nothing where he never did."""
    return decoded((await connection.execute(CHOICES, {"of_user": user_id})).scalar_one_or_none())


def decoded(choices: bytes | None) -> Choices:
    """A row's choices; none of a user without a row."""
    return DECODER.decode(choices) if choices else {}
