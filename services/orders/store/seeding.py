"""Accounts with money, and orders that were refused long ago: nothing of them is open, and nothing was ever sent."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Table

from services.contracts.instruments import Instrument
from services.contracts.seeding import CURRENCY, Batch, account_id, chance, first_deposit, numbers, seeded_id
from services.kernel.inserts import insert_new_rows
from services.kernel.uow import UnitOfWork
from services.orders.store.instruments import all_instruments
from services.orders.store.tables import accounts, balances, deposits, history, orders

REFUSED = "not_sent"
"""Why each of them ended: no session took it."""
KINDS = ("placed", "rejected")
"""Lines of its history."""


async def seed(uow: UnitOfWork, batch: Batch) -> None:
    """One transaction; what is there already stays."""
    if batch.people:
        await _people(uow, batch)
    if batch.orders and batch.accounts:
        await _orders(uow, batch)


async def _people(uow: UnitOfWork, batch: Batch) -> None:
    paid = [first_deposit(batch.seed, number) for number in numbers(batch)]
    await insert_new_rows(uow, accounts, [(each.account_id, 0) for each in paid])
    await insert_new_rows(uow, balances, [(each.account_id, CURRENCY, each.amount, 0) for each in paid])
    rows = [(each.deposit_id, each.account_id, CURRENCY, each.amount, uow.now) for each in paid]
    await insert_new_rows(uow, deposits, rows)


async def _orders(uow: UnitOfWork, batch: Batch) -> None:
    listed = sorted((await all_instruments(uow.connection)).values(), key=lambda each: each.symbol)
    made = [_order(uow, batch, number, listed) for number in range(batch.first, batch.first + batch.orders)]
    await insert_new_rows(uow, orders, list(_rows(orders, made)))
    lines = [line for order in made for line in _lines(order)]
    await insert_new_rows(uow, history, list(_rows(history, lines)))


def _order(uow: UnitOfWork, batch: Batch, number: int, listed: Sequence[Instrument]) -> dict[str, Any]:
    bits = chance("order", batch.seed, number)
    instrument = listed[bits % len(listed)]
    price = instrument.tick * (1 + bits // 7 % 100_000)
    order_id = seeded_id("order", batch.seed, number)
    return {
        "order_id": order_id,
        "account_id": account_id(batch.seed, bits // 11 % batch.accounts),
        "client_order_id": f"seed-{number}",
        "fingerprint": f"seed-{batch.seed}-{number}",
        "symbol": instrument.symbol,
        "currency": instrument.currency,
        "price_scale": instrument.price_scale,
        "quantity_scale": instrument.quantity_scale,
        "side": ("buy", "sell")[bits // 13 % 2],
        "type": "limit",
        "tif": "day",
        "quantity": instrument.lot * (1 + bits // 17 % 100),
        "limit_price": price,
        "stop_price": None,
        "worst_price": price,
        "fee_ppm": max(0, instrument.maker_fee_ppm, instrument.taker_fee_ppm),
        "status": "rejected",
        "standing": "rejected",
        "filled": 0,
        "value": 0,
        "fees": 0,
        "reserved": 0,
        "reason": REFUSED,
        "created": uow.now,
        "updated": uow.now,
        "placed": uow.wall,
        "version": 1,
        "working": 1,
        "request": None,
        "asked": None,
        "cancel_next": False,
        "entries": len(KINDS),
        "traceparent": None,
    }


def _lines(order: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """It was placed, and it was refused."""
    for number, kind in enumerate(KINDS, 1):
        ended = number == len(KINDS)
        yield {
            "order_id": order["order_id"],
            "number": number,
            "entry_id": f"{order['order_id']}-1" + (f":{REFUSED}" if ended else ""),
            "kind": kind,
            "status": "rejected" if ended else "pending_new",
            "filled": 0,
            "reason": REFUSED if ended else None,
            "time": order["created"],
        }


def _rows(table: Table, made: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """In the order of the columns, which the driver takes them in."""
    names = table.columns.keys()
    return (tuple(row[name] for name in names) for row in made)
