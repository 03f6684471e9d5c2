"""Writes that a client may repeat under a key."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from pydantic import BaseModel

from services.kernel.idempotency import repeatable
from services.kernel.security import Principal
from services.kernel.uow import UnitOfWork

Row = dict[str, Any]


async def write(
    uow: UnitOfWork, user: Principal, key: str | None, body: BaseModel, action: Callable[[UnitOfWork], Awaitable[Row]]
) -> Row:
    """Do it once however often the same key comes."""
    asked = body.model_dump(exclude_none=True)
    return await repeatable(uow, user.user_id, key, asked, partial(action, uow), Row)
