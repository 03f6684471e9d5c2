"""Sessions and the refresh tokens that they go on with."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.auth.store.tables import refresh_tokens, sessions
from services.kernel.uow import UnitOfWork


class Refreshed(NamedTuple):
    """The session that a refresh token belongs to, as far as it can still be used."""

    session_id: str
    user_id: str
    expires: int


async def add_session(uow: UnitOfWork, session_id: str, user_id: str, expires: int, agent: str | None = None) -> None:
    row = {"id": session_id, "user_id": user_id, "created": uow.wall, "expires": expires, "agent": agent}
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


async def sessions_of(
    connection: AsyncConnection, user_id: str, now: int, before: str | None, limit: int
) -> Sequence[Row[Any]]:
    """A user's sessions that are open, newest first."""
    query = select(sessions).where(
        sessions.c.user_id == user_id, sessions.c.revoked.is_(None), sessions.c.expires > now
    )
    if before is not None:
        query = query.where(sessions.c.id < before)
    return (await connection.execute(query.order_by(sessions.c.id.desc()).limit(limit))).all()


async def last_used(connection: AsyncConnection, session_ids: Sequence[str]) -> dict[str, int]:
    """When these sessions were last refreshed, those that ever were."""
    used = func.max(refresh_tokens.c.used)
    query = select(refresh_tokens.c.session_id, used).where(refresh_tokens.c.session_id.in_(session_ids))
    found = await connection.execute(query.group_by(refresh_tokens.c.session_id).having(used.is_not(None)))
    return {row[0]: row[1] for row in found}


async def owner_of(uow: UnitOfWork, session_id: str) -> str | None:
    """Whose session it is, open or not."""
    return (await uow.execute(select(sessions.c.user_id).where(sessions.c.id == session_id))).scalar()


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
