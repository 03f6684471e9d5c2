"""What the API shows."""

from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.orders import Fill, OrderState, OrderStatus
from services.orders.domain.order import Entry, Order
from services.orders.store.orders import order_of
from services.orders.store.tables import fills, history, orders


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """Which orders of an account; ``start`` and ``end`` are market time, the end not included."""

    account_id: str
    statuses: tuple[OrderStatus, ...] = ()
    symbol: str | None = None
    start: int | None = None
    end: int | None = None
    before: str | None = None
    """The order after which the page begins, newest first."""


class Life(NamedTuple):
    """An order with everything that became of it."""

    order: Order
    history: list[Entry]
    fills: list[Fill]


async def page(connection: AsyncConnection, selection: Selection, limit: int) -> list[OrderState]:
    """The newest orders first, one more than the limit."""
    rows = await connection.execute(_query(selection).order_by(orders.c.order_id.desc()).limit(limit + 1))
    return [order_of(row).state for row in rows]


def _query(selection: Selection) -> Select[Any]:
    query = select(orders).where(orders.c.account_id == selection.account_id)
    if selection.statuses:
        query = query.where(orders.c.status.in_(selection.statuses))
    if selection.symbol is not None:
        query = query.where(orders.c.symbol == selection.symbol)
    if selection.start is not None:
        query = query.where(orders.c.created >= selection.start)
    if selection.end is not None:
        query = query.where(orders.c.created < selection.end)
    if selection.before is not None:
        query = query.where(orders.c.order_id < selection.before)
    return query


async def find(connection: AsyncConnection, account_id: str, order_id: str) -> Order | None:
    """The account's order; another account's is none."""
    query = select(orders).where(orders.c.order_id == order_id, orders.c.account_id == account_id)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else order_of(row)


async def life(connection: AsyncConnection, account_id: str, order_id: str) -> Life | None:
    """The account's order with its history."""
    order = await find(connection, account_id, order_id)
    if order is None:
        return None
    lines = await connection.execute(select(history).where(history.c.order_id == order_id).order_by(history.c.number))
    trades = await connection.execute(select(fills).where(fills.c.order_id == order_id))
    return Life(
        order=order,
        history=[Entry(**line) for line in lines.mappings()],
        fills=sorted((_fill(order.state, trade) for trade in trades.mappings()), key=_in_order),
    )


def _in_order(fill: Fill) -> tuple[int, str, bool]:
    """By time; what a correction takes back comes before what it books."""
    exec_id, _, _ = fill.fill_id.partition(":")
    return fill.time, exec_id, fill.reverses is None


def _fill(order: OrderState, cells: Any) -> Fill:
    return Fill(
        account_id=order.account_id,
        symbol=order.symbol,
        currency=order.currency,
        price_scale=order.price_scale,
        quantity_scale=order.quantity_scale,
        side=order.side,
        **cells,
    )
