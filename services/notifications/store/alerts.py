"""Alerts, and how many each user has. A price touches those alone whose level it has reached."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec.structs import asdict
from sqlalchemy import (
    ColumnElement,
    Row,
    RowMapping,
    Select,
    bindparam,
    delete,
    insert,
    select,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.instruments import Instrument
from services.kernel.inserts import new_only, upsert
from services.kernel.uow import UnitOfWork
from services.notifications.domain.alerts import Alert, Sight, Watch
from services.notifications.store.tables import alert_quotas, alerts, instruments

COLUMNS = Alert.__struct_fields__
CHANGING = ("armed", "watch", "level", "since", "fired", "fires")


def waiting_for(watch: Watch, met: ColumnElement[bool]) -> Select[Any]:
    """Alerts that wait for a move which has come so far."""
    return select(*(alerts.c[name] for name in COLUMNS)).where(
        alerts.c.symbol == bindparam("of_symbol"),
        alerts.c.watch == watch,
        met,
        alerts.c.since <= bindparam("at"),
        alerts.c.armed >= bindparam("only_armed"),
    )


CROSSED = union_all(  # each is a range of the index, and nothing but what was crossed is read
    waiting_for("price_up", alerts.c.level <= bindparam("high")),
    waiting_for("price_down", alerts.c.level >= bindparam("low")),
    waiting_for("change_up", alerts.c.level <= bindparam("rise")),
    waiting_for("change_down", alerts.c.level >= bindparam("fall")),
)
TURN = (
    update(alerts)
    .where(
        alerts.c.alert_id == bindparam("of_alert"),
        alerts.c.armed == bindparam("was_armed"),
        alerts.c.fires == bindparam("had_fired"),
        alerts.c.since == bindparam("waited_since"),
    )
    .values({name: bindparam(f"new_{name}") for name in CHANGING})
)
MORE = (
    update(alert_quotas)
    .where(alert_quotas.c.user_id == bindparam("of_user"), alert_quotas.c.alerts < bindparam("most"))
    .values(alerts=alert_quotas.c.alerts + 1)
)
FEWER = (
    update(alert_quotas).where(alert_quotas.c.user_id == bindparam("of_user")).values(alerts=alert_quotas.c.alerts - 1)
)
OWN = (alerts.c.alert_id == bindparam("of_alert"), alerts.c.user_id == bindparam("of_user"))
REMOVE = delete(alerts).where(*OWN)
FIND = select(alerts).where(*OWN)
TERMS = select(instruments.c.terms).where(instruments.c.symbol == bindparam("of_symbol"))


async def crossed(connection: AsyncConnection, sight: Sight) -> list[Alert]:
    """The alerts that wait for a price that is seen."""
    seen = {
        "of_symbol": sight.symbol,
        "at": sight.time,
        "only_armed": int(sight.whole),
        "high": sight.high,
        "low": sight.low,
        "rise": sight.rise,
        "fall": sight.fall,
    }
    return [alert_of(row) for row in await connection.execute(CROSSED, seen)]


def alert_of(row: Row[Any]) -> Alert:
    cells = dict(zip(COLUMNS, row, strict=True))
    return Alert(**cells | {"armed": bool(cells["armed"])})


async def turn(uow: UnitOfWork, before: Alert, after: Alert) -> bool:
    """Write how the alert waits from now on, once, whoever else has seen the same price."""
    known = {
        "of_alert": before.alert_id,
        "was_armed": int(before.armed),
        "had_fired": before.fires,
        "waited_since": before.since,
    }
    changed = {f"new_{name}": getattr(after, name) for name in CHANGING} | {"new_armed": int(after.armed)}
    return (await uow.execute(TURN, known | changed)).rowcount == 1


async def add(uow: UnitOfWork, alert: Alert, most: int) -> bool:
    """Write a new alert, unless its user has as many as there may be."""
    await uow.later(new_only(alert_quotas, uow.connection.dialect.name), {"user_id": alert.user_id, "alerts": 0})
    if (await uow.execute(MORE, {"of_user": alert.user_id, "most": most})).rowcount != 1:
        return False
    await uow.later(insert(alerts), {**asdict(alert), "armed": int(alert.armed)})
    return True


async def remove(uow: UnitOfWork, user_id: str, alert_id: str) -> bool:
    """Forget a user's own alert; whether there was one."""
    if (await uow.execute(REMOVE, {"of_alert": alert_id, "of_user": user_id})).rowcount != 1:
        return False
    await uow.later(FEWER, {"of_user": user_id})
    return True


async def find(connection: AsyncConnection, user_id: str, alert_id: str) -> RowMapping | None:
    """A user's own alert."""
    return (await connection.execute(FIND, {"of_alert": alert_id, "of_user": user_id})).mappings().one_or_none()


async def alerts_of(connection: AsyncConnection, user_id: str, before: str | None, limit: int) -> Sequence[RowMapping]:
    """A user's alerts, newest first, one more than the limit."""
    query = select(alerts).where(alerts.c.user_id == user_id)
    if before is not None:
        query = query.where(alerts.c.alert_id < before)
    return (await connection.execute(query.order_by(alerts.c.alert_id.desc()).limit(limit + 1))).mappings().all()


async def keep_instruments(uow: UnitOfWork, listed: Iterable[Instrument]) -> None:
    """Keep a copy of the instruments' terms."""
    rows = [{"symbol": each.symbol, "terms": msgspec.json.encode(each)} for each in listed]
    if rows:
        await uow.later(upsert(instruments, uow.connection.dialect.name), rows)


async def instrument(connection: AsyncConnection, symbol: str) -> Instrument | None:
    """An instrument, as we have it."""
    terms = (await connection.execute(TERMS, {"of_symbol": symbol})).scalar_one_or_none()
    return None if terms is None else msgspec.json.decode(terms, type=Instrument)
