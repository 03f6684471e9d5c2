"""Users: registered, verified, changed; the log of what the staff changed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.auth.domain import User, ordered
from services.auth.store.tables import USER, audit_log, users
from services.contracts.seeding import Batch, account_id, numbers
from services.kernel.inserts import insert_if_new, insert_new_rows
from services.kernel.uow import UnitOfWork

UNUSABLE = "!"
"""Is the hash of nothing."""


def user_of(row: RowMapping) -> User:
    """A row of users as the domain knows it."""
    fields = {column.name: row[column.name] for column in USER}
    return User(**{**fields, "roles": frozenset(row["roles"].split())})


def words(roles: frozenset[str]) -> str:
    """Roles as they are stored."""
    return " ".join(ordered(roles))


async def user(connection: AsyncConnection, user_id: str) -> User | None:
    row = (await connection.execute(select(*USER).where(users.c.id == user_id))).mappings().first()
    return user_of(row) if row else None


async def locked_user(uow: UnitOfWork, user_id: str) -> User | None:
    """As `user`, and nobody else changes the row until this transaction ends."""
    return (await locked_users(uow, user_id)).get(user_id)


async def locked_users(uow: UnitOfWork, *user_ids: str) -> dict[str, User]:
    """Several of them, locked in the order of their ids: two who change each other do not wait for each other."""
    query = select(*USER).where(users.c.id.in_(user_ids)).order_by(users.c.id).with_for_update()
    return {row["id"]: user_of(row) for row in (await uow.execute(query)).mappings()}


async def locked_with_password(uow: UnitOfWork, user_id: str) -> tuple[User, str] | None:
    """As `locked_user`, with what the password is checked against."""
    query = select(*USER, users.c.password_hash).where(users.c.id == user_id).with_for_update()
    row = (await uow.execute(query)).mappings().first()
    return (user_of(row), row["password_hash"]) if row else None


async def user_of_address(uow: UnitOfWork, email: str) -> User | None:
    row = (await uow.execute(select(*USER).where(users.c.email == email))).mappings().first()
    return user_of(row) if row else None


async def with_password(connection: AsyncConnection, email: str) -> tuple[User, str] | None:
    """The user of an address, and what the password is checked against."""
    query = select(*USER, users.c.password_hash).where(users.c.email == email)
    row = (await connection.execute(query)).mappings().first()
    return (user_of(row), row["password_hash"]) if row else None


async def password_of(connection: AsyncConnection, user_id: str) -> tuple[User, str] | None:
    """A user, and what his password is checked against."""
    query = select(*USER, users.c.password_hash).where(users.c.id == user_id)
    row = (await connection.execute(query)).mappings().first()
    return (user_of(row), row["password_hash"]) if row else None


async def users_after(connection: AsyncConnection, after: str, limit: int, email: str | None) -> list[User]:
    """Users in the order of their registration."""
    query = select(*USER).where(users.c.id > after).order_by(users.c.id).limit(limit)
    if email is not None:
        query = query.where(users.c.email == email)
    return [user_of(row) for row in (await connection.execute(query)).mappings()]


async def add_user(uow: UnitOfWork, new: User, password_hash: str, *, code_digest: str | None = None) -> bool:
    """Whether the address was free."""
    fields = {column.name: getattr(new, column.name) for column in USER}
    secret = {"password_hash": password_hash, "code_digest": code_digest}
    row = {**fields, **secret, "roles": words(new.roles), "code_sent": uow.wall, "code_attempts": 0}
    return await insert_if_new(uow, users, row)


async def seed(uow: UnitOfWork, batch: Batch) -> None:
    """People who have always been there; without a password nobody logs in as they."""
    rows = [
        {
            "id": account_id(batch.seed, number),
            "email": each.email,
            "password_hash": batch.password_hash or UNUSABLE,
            "display_name": each.display_name,
            "language": each.language,
            "time_zone": "UTC",
            "roles": "trader",
            "blocked": False,
            "verified": uow.wall,
            "created": uow.wall - 1,
            "code_digest": None,
            "code_sent": uow.wall - 1,
            "code_attempts": 0,
        }
        for number, each in zip(numbers(batch), batch.people, strict=True)
    ]
    names = users.columns.keys()
    await insert_new_rows(uow, users, [tuple(row[name] for name in names) for row in rows])


async def renew_registration(uow: UnitOfWork, email: str, sent_before: int, values: Mapping[str, Any]) -> bool:
    """Let somebody who never verified begin anew, unless a code was sent just now."""
    renewed = await uow.execute(
        update(users)
        .where(users.c.email == email, users.c.verified.is_(None), users.c.code_sent <= sent_before)
        .values(**values, code_sent=uow.wall, code_attempts=0)
    )
    return renewed.rowcount == 1


async def count_attempt(uow: UnitOfWork, email: str, sent_after: int, attempts: int) -> bool:
    """Use up one try of a code; False when it has none left or is too old."""
    counted = await uow.execute(
        update(users)
        .where(
            users.c.email == email,
            users.c.verified.is_(None),
            users.c.code_sent > sent_after,
            users.c.code_attempts < attempts,
        )
        .values(code_attempts=users.c.code_attempts + 1)
    )
    return counted.rowcount == 1


async def mark_verified(uow: UnitOfWork, email: str, code_digest: str) -> bool:
    """Once, and only with the code."""
    marked = await uow.execute(
        update(users)
        .where(users.c.email == email, users.c.verified.is_(None), users.c.code_digest == code_digest)
        .values(verified=uow.wall, code_digest=None)
    )
    return marked.rowcount == 1


async def change_user(uow: UnitOfWork, user_id: str, values: Mapping[str, Any]) -> None:
    await uow.execute(update(users).where(users.c.id == user_id).values(**values))


async def log_change(uow: UnitOfWork, values: Mapping[str, Any]) -> None:
    await uow.later(insert(audit_log).values(**values, time=uow.wall))
