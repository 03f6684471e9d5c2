"""Auth's tables and every statement on them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.auth.domain import User, ordered
from services.contracts.seeding import Batch, account_id, numbers
from services.kernel.columns import ID, TIME, Key
from services.kernel.inserts import insert_if_new, insert_new_rows
from services.kernel.seals import seal
from services.kernel.state import StateQuery
from services.kernel.uow import UnitOfWork

metadata = MetaData()

users = Table(
    "users",
    metadata,
    Column("id", ID, primary_key=True),
    Column("email", Key(254), nullable=False, unique=True),
    Column("password_hash", Key(200), nullable=False),
    Column("display_name", String(80), nullable=False),
    Column("language", Key(2), nullable=False),
    Column("time_zone", Key(64), nullable=False),
    Column("roles", Key(64), nullable=False, comment="words between spaces"),
    Column("blocked", Boolean, nullable=False),
    Column("verified", TIME),
    Column("created", TIME, nullable=False),
    Column("code_digest", Key(64)),
    Column("code_sent", TIME, nullable=False),
    Column("code_attempts", Integer, nullable=False),
)
sessions = Table(
    "sessions",
    metadata,
    Column("id", ID, primary_key=True),
    Column("user_id", ID, nullable=False, index=True),
    Column("created", TIME, nullable=False),
    Column("expires", TIME, nullable=False, comment="however often it is refreshed"),
    Column("revoked", TIME),
    seal("revoked"),
)
refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("digest", Key(64), primary_key=True),
    Column("session_id", ID, nullable=False, index=True),
    Column("expires", TIME, nullable=False),
    Column("used", TIME),
    seal("used"),
)
signing_keys = Table(
    "signing_keys",
    metadata,
    Column("kid", ID, primary_key=True),
    Column("private_key", Key(200), nullable=False, comment="PEM, PKCS 8"),
    Column("created", TIME, nullable=False),
    seal(),
)
audit_log = Table(
    "audit_log",
    metadata,
    Column("id", ID, primary_key=True),
    Column("time", TIME, nullable=False),
    Column("actor_id", ID, nullable=False),
    Column("user_id", ID, nullable=False),
    Column("field", Key(16), nullable=False),
    Column("before", Key(64), nullable=False),
    Column("after", Key(64), nullable=False),
    seal(),
    Index("ix_audit_log_user_id", "user_id", "id"),
)

USER = (
    users.c.id,
    users.c.email,
    users.c.display_name,
    users.c.language,
    users.c.time_zone,
    users.c.roles,
    users.c.blocked,
    users.c.verified,
    users.c.created,
)
STATE: Mapping[str, StateQuery] = {
    "users": StateQuery(select(*USER), (users.c.id,)),
    "audit_log": StateQuery(select(audit_log), (audit_log.c.id,)),
}
"""No secret is among these."""


UNUSABLE = "!"
"""Is the hash of nothing."""
KEYS = select(signing_keys.c.kid, signing_keys.c.private_key, signing_keys.c.created).order_by(
    signing_keys.c.created.desc(), signing_keys.c.kid
)


class SigningKey(NamedTuple):
    """A key pair; ``created`` is wall time in microseconds."""

    kid: str
    private_key: str
    created: int


class Refreshed(NamedTuple):
    """The session that a refresh token belongs to, as far as it can still be used."""

    session_id: str
    user_id: str
    expires: int


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


async def user_of_address(uow: UnitOfWork, email: str) -> User | None:
    row = (await uow.execute(select(*USER).where(users.c.email == email))).mappings().first()
    return user_of(row) if row else None


async def with_password(connection: AsyncConnection, email: str) -> tuple[User, str] | None:
    """The user of an address, and what the password is checked against."""
    query = select(*USER, users.c.password_hash).where(users.c.email == email)
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
    """People who have always been there; no password is theirs, so that nobody logs in by it."""
    rows = [
        {
            "id": account_id(batch.seed, number),
            "email": each.email,
            "password_hash": UNUSABLE,
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


async def add_session(uow: UnitOfWork, session_id: str, user_id: str, expires: int) -> None:
    row = {"id": session_id, "user_id": user_id, "created": uow.wall, "expires": expires}
    await uow.later(insert(sessions).values(**row))


async def add_refresh_token(uow: UnitOfWork, token_digest: str, session_id: str, expires: int) -> None:
    await uow.later(insert(refresh_tokens).values(digest=token_digest, session_id=session_id, expires=expires))


async def use_refresh_token(uow: UnitOfWork, token_digest: str) -> bool:
    """Only the first use of a token that has not expired is one."""
    used = await uow.execute(
        update(refresh_tokens)
        .where(
            refresh_tokens.c.digest == token_digest,
            refresh_tokens.c.used.is_(None),
            refresh_tokens.c.expires > uow.wall,
        )
        .values(used=uow.wall)
    )
    return used.rowcount == 1


async def session_of_token(uow: UnitOfWork, token_digest: str) -> tuple[Refreshed, bool] | None:
    """The session that a refresh token belongs to, and whether that one token was ever used."""
    query = (
        select(sessions.c.id, sessions.c.user_id, sessions.c.expires, refresh_tokens.c.used)
        .join(sessions, sessions.c.id == refresh_tokens.c.session_id)
        .where(refresh_tokens.c.digest == token_digest)
    )
    row = (await uow.execute(query)).first()
    return (Refreshed(row.id, row.user_id, row.expires), row.used is not None) if row else None


async def open_sessions(connection: AsyncConnection, user_id: str) -> list[str]:
    query = select(sessions.c.id).where(sessions.c.user_id == user_id, sessions.c.revoked.is_(None))
    return list((await connection.execute(query)).scalars())


async def revoked_since(connection: AsyncConnection, moment: int) -> list[str]:
    query = select(sessions.c.id).where(sessions.c.revoked >= moment)
    return list((await connection.execute(query)).scalars())


async def is_open(uow: UnitOfWork, session_id: str) -> bool:
    query = select(sessions.c.revoked, sessions.c.expires).where(sessions.c.id == session_id)
    row = (await uow.execute(query)).first()
    return row is not None and row.revoked is None and row.expires > uow.wall


async def revoke_session(uow: UnitOfWork, session_id: str) -> bool:
    """Whether it was open until now."""
    revoked = await uow.execute(
        update(sessions).where(sessions.c.id == session_id, sessions.c.revoked.is_(None)).values(revoked=uow.wall)
    )
    return revoked.rowcount == 1


async def forget_expired(uow: UnitOfWork, user_id: str) -> None:
    """Delete the user's sessions that time has ended, with their tokens."""
    ended = select(sessions.c.id).where(sessions.c.user_id == user_id, sessions.c.expires <= uow.wall)
    ids = list((await uow.execute(ended)).scalars())
    if ids:
        await uow.later(delete(refresh_tokens).where(refresh_tokens.c.session_id.in_(ids)))
        await uow.later(delete(sessions).where(sessions.c.id.in_(ids)))


async def keys(connection: AsyncConnection) -> list[SigningKey]:
    """Newest first."""
    return [SigningKey(*row) for row in await connection.execute(KEYS)]


async def locked_keys(uow: UnitOfWork) -> list[SigningKey]:
    """As `keys`, and nobody else makes the next one until this transaction ends."""
    return [SigningKey(*row) for row in await uow.execute(KEYS.with_for_update())]


async def add_key(uow: UnitOfWork, key: SigningKey) -> None:
    await uow.later(insert(signing_keys).values(**key._asdict()))


async def forget_keys(uow: UnitOfWork, kids: list[str]) -> None:
    await uow.later(delete(signing_keys).where(signing_keys.c.kid.in_(kids)))


async def log_change(uow: UnitOfWork, values: Mapping[str, Any]) -> None:
    await uow.later(insert(audit_log).values(**values, time=uow.wall))
