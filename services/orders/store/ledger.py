"""The risk ledger: balances, open orders, deposits. Each changes by one conditional UPDATE whose row count decides.

Whoever locks several rows takes orders first, then accounts, then balances, each kind in the order of its key: two
transactions then never wait for each other.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.contracts.events.portfolio import CashDeposited
from services.kernel.connections import Terms
from services.kernel.inserts import insert_if_new, new_only
from services.kernel.uow import UnitOfWork
from services.orders.domain.reservation import Movement
from services.orders.store.tables import accounts, balances, deposits

Key = tuple[str, str]


class Reserved(NamedTuple):
    """Whether every amount was free, and every account had room for its orders."""

    free: bool
    room: bool


"""Account and asset."""

THIS = (balances.c.account_id == bindparam("account"), balances.c.asset == bindparam("of_asset"))
RESERVE = (
    update(balances)
    .where(*THIS, balances.c.total - balances.c.reserved >= bindparam("amount"))
    .values(reserved=balances.c.reserved + bindparam("amount"))
)
MOVE = (
    update(balances)
    .where(*THIS)
    .values(total=balances.c.total + bindparam("total"), reserved=balances.c.reserved + bindparam("reserved"))
)
FREE = select(balances.c.total - balances.c.reserved).where(*THIS)
OPENED = (
    update(accounts)
    .where(
        accounts.c.account_id == bindparam("account"), accounts.c.open_orders + bindparam("more") <= bindparam("most")
    )
    .values(open_orders=accounts.c.open_orders + bindparam("more"))
)
CLOSED = (
    update(accounts)
    .where(accounts.c.account_id == bindparam("account"))
    .values(open_orders=accounts.c.open_orders - bindparam("fewer"))
)
LOCK = (
    select(accounts.c.account_id)
    .where(accounts.c.account_id.in_(bindparam("ids", expanding=True)))
    .order_by(accounts.c.account_id)
    .with_for_update()
)
OPEN_ORDERS = select(accounts.c.open_orders).where(accounts.c.account_id == bindparam("account"))


async def reserve(uow: UnitOfWork, amounts: Mapping[Key, int]) -> bool:
    """Reserve all of it where it is free; False when one of them is not, and the transaction must not go on."""
    rows = _amounts(amounts)
    return not rows or (await uow.execute(RESERVE, rows)).rowcount == len(rows)


async def reserve_for(uow: UnitOfWork, amounts: Mapping[Key, int], opened: Mapping[str, int], most: int) -> Reserved:
    """As ``reserve``, for so many new open orders of each account, which may have ``most``."""
    rows = _amounts(amounts)
    counts = [{"account": account, "more": count, "most": most} for account, count in sorted(opened.items())]
    *reserved, counted = await uow.execute_all(*([(RESERVE, rows)] if rows else []), (OPENED, counts))
    free = all(result.rowcount == len(rows) for result in reserved)
    return Reserved(free, room=counted.rowcount == len(counts))


def _amounts(amounts: Mapping[Key, int]) -> list[dict[str, object]]:
    return [
        {"account": account, "of_asset": asset, "amount": amount}
        for (account, asset), amount in sorted(amounts.items())
        if amount
    ]


async def move(uow: UnitOfWork, movements: Iterable[Movement]) -> None:
    """Book movements, those of one balance together; a balance that is only credited is made where it is missing."""
    sums: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for movement in movements:
        entry = sums[movement.account_id, movement.asset]
        entry[0] += movement.total
        entry[1] += movement.reserved
    rows = [
        {"account": account, "of_asset": asset, "total": total, "reserved": reserved}
        for (account, asset), (total, reserved) in sorted(sums.items())
        if total or reserved
    ]
    credited = [key for key, (total, reserved) in sorted(sums.items()) if total > 0 and not reserved]
    if credited:
        await open_balances(uow, credited)
    if rows:
        await uow.later(MOVE, rows, Terms(one=True, otherwise=missing))


def missing() -> LookupError:
    return LookupError("a balance is missing that an order of ours moves")


async def open_balances(uow: UnitOfWork, keys: Iterable[Key]) -> None:
    """Make balances, at zero, where they are missing."""
    rows = [{"account_id": account, "asset": asset, "total": 0, "reserved": 0} for account, asset in keys]
    await uow.later(new_only(balances, uow.connection.dialect.name), rows)


async def closed(uow: UnitOfWork, counts: Mapping[str, int]) -> None:
    """Count orders that ended, by account; a negative one was opened again."""
    rows = [{"account": account, "fewer": count} for account, count in sorted(counts.items()) if count]
    if rows:
        await uow.later(CLOSED, rows)


async def deposit(uow: UnitOfWork, events: Sequence[CashDeposited]) -> list[CashDeposited]:
    """Credit deposits; those that were not credited before."""
    new = [event for event in events if await insert_if_new(uow, deposits, _deposit(event, uow.now))]
    if new:
        rows = [{"account_id": account, "open_orders": 0} for account in sorted({event.account_id for event in new})]
        await uow.later(new_only(accounts, uow.connection.dialect.name), rows)
        await move(uow, [Movement(event.account_id, event.asset, event.amount, 0) for event in new])
    return new


def _deposit(event: CashDeposited, now: int) -> dict[str, object]:
    return {
        "deposit_id": event.deposit_id,
        "account_id": event.account_id,
        "asset": event.asset,
        "amount": event.amount,
        "time": now,
    }


async def free(connection: AsyncConnection, account_id: str, asset: str) -> int:
    """What is not reserved of a balance."""
    found = await connection.execute(FREE, {"account": account_id, "of_asset": asset})
    return found.scalar_one_or_none() or 0


async def open_orders(connection: AsyncConnection, account_id: str) -> int:
    """How many orders of the account are open."""
    return (await connection.execute(OPEN_ORDERS, {"account": account_id})).scalar_one_or_none() or 0
