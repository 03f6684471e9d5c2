"""Orders, their history and their fills."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec import structs
from sqlalchemy import Row, bindparam, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.orders import FINAL, Fill, OrderState
from services.kernel.uow import UnitOfWork
from services.orders.domain.order import Entry, Order, Terms
from services.orders.domain.states import TRANSITIONS
from services.orders.store.tables import dispatches, fills, history, orders

OPEN = sorted(set(TRANSITIONS) - FINAL)
OF_STATE = OrderState.__struct_fields__
OWN = tuple(name for name in Order.__struct_fields__ if name not in {"state", "asked"})
OF_ORDER = ("account_id", "symbol", "currency", "price_scale", "quantity_scale", "side")
"""What a fill has of its order."""
CHANGING = (
    *("quantity", "limit_price", "stop_price", "worst_price", "status", "standing", "filled", "value", "fees"),
    *("reserved", "reason", "updated", "version", "working", "request", "asked", "cancel_next", "entries"),
)

BY_ID = (
    select(orders)
    .where(orders.c.order_id.in_(bindparam("ids", expanding=True)))
    .order_by(orders.c.order_id)
    .with_for_update()
)
BY_CLIENT_ID = select(orders).where(
    tuple_(orders.c.account_id, orders.c.client_order_id).in_(bindparam("keys", expanding=True))
)
OPEN_OF_ACCOUNT = (
    select(orders)
    .where(orders.c.account_id == bindparam("account"), orders.c.standing.in_(OPEN))
    .order_by(orders.c.order_id)
    .with_for_update()
)
UNSENT = select(dispatches.c.order_id)
SENT_AFTER = (
    select(orders)
    .where(orders.c.standing.in_(OPEN), orders.c.order_id > bindparam("after"), orders.c.order_id.not_in(UNSENT))
    .order_by(orders.c.order_id)
    .limit(bindparam("limit"))
)
ADD = insert(orders)
SAVE = (
    update(orders)
    .where(orders.c.order_id == bindparam("of_order"))
    .values({name: bindparam(name) for name in CHANGING})
)
ADD_ENTRIES = insert(history)
ADD_FILLS = insert(fills)
FILLS = (
    select(fills, *(orders.c[name] for name in OF_ORDER))
    .join(orders, orders.c.order_id == fills.c.order_id)
    .where(fills.c.order_id.in_(bindparam("ids", expanding=True)))
)
EXISTING = select(orders.c.order_id).where(orders.c.order_id.in_(bindparam("ids", expanding=True)))
SEEN = select(history.c.entry_id).where(history.c.entry_id.in_(bindparam("ids", expanding=True)))

ENCODER = msgspec.json.Encoder()
TERMS = msgspec.json.Decoder(Terms)


def order_of(row: Row[Any]) -> Order:
    """The order in a row of the whole table."""
    cells = row._mapping
    state = OrderState(**{name: cells[name] for name in OF_STATE})
    asked = cells["asked"]
    return Order(
        state=state,
        asked=None if asked is None else TERMS.decode(asked),
        **{name: cells[name] for name in OWN},
    )


def _cells(order: Order) -> dict[str, Any]:
    cells = structs.asdict(order.state)
    cells.update((name, getattr(order, name)) for name in OWN)
    cells["asked"] = None if order.asked is None else ENCODER.encode(order.asked)
    return cells


async def load(uow: UnitOfWork, order_ids: Iterable[str]) -> dict[str, Order]:
    """The orders with these ids, locked until the end of the transaction."""
    rows = await uow.execute(BY_ID, {"ids": list(order_ids)})
    return {row.order_id: order_of(row) for row in rows}


async def existing(connection: AsyncConnection, order_ids: Iterable[str]) -> set[str]:
    """Those of these ids that are orders here."""
    return set((await connection.execute(EXISTING, {"ids": list(order_ids)})).scalars())


async def load_and_seen(
    uow: UnitOfWork, order_ids: Iterable[str], entry_ids: Iterable[str]
) -> tuple[dict[str, Order], set[str]]:
    """As ``load``, and which of these entries are in the history already."""
    rows, entries = await uow.execute_all((BY_ID, {"ids": list(order_ids)}), (SEEN, {"ids": list(entry_ids)}))
    return {row.order_id: order_of(row) for row in rows}, set(entries.scalars())


def by_client_id(rows: Iterable[Row[Any]]) -> dict[tuple[str, str], Order]:
    """The orders in rows of the whole table, by account and client_order_id."""
    return {(row.account_id, row.client_order_id): order_of(row) for row in rows}


async def open_of_account(uow: UnitOfWork, account_id: str) -> list[Order]:
    """The account's open orders, oldest first, locked."""
    return [order_of(row) for row in await uow.execute(OPEN_OF_ACCOUNT, {"account": account_id})]


async def sent_after(connection: AsyncConnection, order_id: str, limit: int) -> list[Order]:
    """Open orders of all accounts after an id, oldest first, of which no message waits."""
    return [order_of(row) for row in await connection.execute(SENT_AFTER, {"after": order_id, "limit": limit})]


async def add(uow: UnitOfWork, new: Sequence[Order]) -> None:
    """Insert new orders."""
    await uow.later(ADD, [_cells(order) for order in new])


async def save(uow: UnitOfWork, changed: Iterable[Order]) -> None:
    """Write what changes in an order's life."""
    await uow.later(SAVE, [_changed(order) for order in changed])


def _changed(order: Order) -> dict[str, Any]:
    cells = _cells(order)
    return {"of_order": order.state.order_id, **{name: cells[name] for name in CHANGING}}


async def add_entries(uow: UnitOfWork, entries: Sequence[Entry]) -> None:
    """Write lines of history."""
    await uow.later(ADD_ENTRIES, [structs.asdict(entry) for entry in entries])


async def add_fills(uow: UnitOfWork, new: Sequence[Fill]) -> None:
    """Write fills."""
    await uow.later(ADD_FILLS, [{name: getattr(fill, name) for name in OF_FILL} for fill in new])


async def fills_of(uow: UnitOfWork, order_ids: Iterable[str]) -> list[Fill]:
    """All fills of these orders, and what takes some of them back."""
    return [Fill(**row) for row in (await uow.execute(FILLS, {"ids": list(order_ids)})).mappings()]


OF_FILL = tuple(column.name for column in fills.columns)
