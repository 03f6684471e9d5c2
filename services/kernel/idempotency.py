"""Writes that a client may repeat: the same key and body again get the first answer, another body is a conflict."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import msgspec
from fastapi import Header
from sqlalchemy import bindparam, select, update

from services.contracts.errors import DomainError
from services.kernel import seals
from services.kernel.inserts import insert_if_new
from services.kernel.tables import idempotency
from services.kernel.uow import UnitOfWork

T = TypeVar("T")

THIS = (idempotency.c.account == bindparam("of_account"), idempotency.c.key == bindparam("of_key"))
FIRST = select(idempotency.c.fingerprint, idempotency.c.result).where(*THIS)
ANSWER = update(idempotency).where(*THIS).values(result=bindparam("answer"), seal=bindparam("sealed"))


KEY_HEADER = Header(min_length=1, max_length=128, pattern=r"^[\x21-\x7e]+$")
IdempotencyKey = Annotated[str, KEY_HEADER]
"""A parameter ``idempotency_key`` of this type asks for the header."""
OptionalIdempotencyKey = Annotated[str | None, KEY_HEADER]
"""As that, where it may be left out; ``IdempotencyKey | None`` would be a query parameter."""


async def repeatable(
    uow: UnitOfWork, account: str, key: str | None, body: object, action: Callable[[], Awaitable[T]], type: type[T]
) -> T:
    """The action's result, or what it was when the same key and body came before; without a key it is done anew."""
    if key is None:
        return await action()
    return (await once(uow, account, key, fingerprint(body), action, type))[0]


async def once(
    uow: UnitOfWork, account: str, key: str, fingerprint: str, action: Callable[[], Awaitable[T]], type: type[T]
) -> tuple[T, bool]:
    """The action's result, and whether it is an earlier one's; the key is kept in the transaction of the write.

    ``type`` is the result's, which msgspec must be able to write and read.
    """
    row: dict[str, object] = {"account": account, "key": key, "fingerprint": fingerprint, "created": uow.wall}
    this = {"of_account": account, "of_key": key}
    if await insert_if_new(uow, idempotency, row):
        result = await action()
        row["result"] = msgspec.json.encode(result)
        seal = seals.of(row[name] for name in seals.columns(idempotency))
        await uow.execute(ANSWER, {**this, "answer": row["result"], "sealed": seal})
        return result, False
    known, answer = (await uow.execute(FIRST, this)).one()
    if known != fingerprint:
        raise DomainError("idempotency_conflict", 409, "this key was used for another request", field="Idempotency-Key")
    return msgspec.json.decode(answer, type=type), True


def fingerprint(document: object) -> str:
    """What two requests share when they ask for the same: a hash of the body, whatever the order of its fields."""
    return hashlib.sha256(msgspec.json.encode(document, order="sorted")).hexdigest()
