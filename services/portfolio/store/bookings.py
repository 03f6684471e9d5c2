"""A batch of bookings: read and locked once, written once, a statement a table.

Whoever locks several rows takes deposits first, then withdrawals, positions, cash, each kind in the order of its key.
"""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import asdict, astuple
from sqlalchemy import Row, bindparam, delete, insert, select, tuple_, update

from services.contracts.instruments import Instrument
from services.contracts.orders import Fill
from services.kernel.inserts import insert_rows, new_only, upsert
from services.kernel.uow import UnitOfWork
from services.portfolio.domain.booking import Answered, Booking, Deposit, Holding, Withdrawal, closing
from services.portfolio.domain.position import Lot, Position, position_of, signed_quantity
from services.portfolio.store.tables import (
    cash,
    deposits,
    instruments,
    ledger,
    lots,
    positions,
    reservations,
    trades,
    withdrawals,
)

LOTS_AT_ONCE = 50
KEPT = len(Fill.__struct_fields__) - 1
"""Of a fill: when that was traded which it takes back lies here with the trade itself."""
HOLDING = (positions.c.account_id, positions.c.symbol)
SOME_POSITIONS = (
    select(positions)
    .where(tuple_(*HOLDING).in_(bindparam("holdings", expanding=True)))
    .order_by(*HOLDING)
    .with_for_update()
)
OLDEST_LOTS = (
    select(lots)
    .where(
        lots.c.account_id == bindparam("of_account"),
        lots.c.symbol == bindparam("of_symbol"),
        tuple_(lots.c.opened, lots.c.lot_id) > tuple_(bindparam("last_opened"), bindparam("last_lot")),
    )
    .order_by(lots.c.opened, lots.c.lot_id)
    .limit(bindparam("most"))
)
SOME_DEPOSITS = (
    select(deposits)
    .where(deposits.c.deposit_id.in_(bindparam("ids", expanding=True)), deposits.c.status == "pending")
    .order_by(deposits.c.deposit_id)
    .with_for_update()
)
SOME_WITHDRAWALS = (
    select(withdrawals)
    .where(withdrawals.c.withdrawal_id.in_(bindparam("ids", expanding=True)), withdrawals.c.status == "requested")
    .order_by(withdrawals.c.withdrawal_id)
    .with_for_update()
)
BOOKED = select(trades.c.fill_id).where(trades.c.fill_id.in_(bindparam("ids", expanding=True)))
REALISED = select(trades.c.fill_id, trades.c.realised).where(trades.c.fill_id.in_(bindparam("ids", expanding=True)))
OWN_LOTS = select(lots).where(
    tuple_(lots.c.account_id, lots.c.symbol, lots.c.lot_id).in_(bindparam("keys", expanding=True))
)
ADD_CASH = (
    update(cash)
    .where(cash.c.account_id == bindparam("account"), cash.c.currency == bindparam("in_currency"))
    .values(amount=cash.c.amount + bindparam("change"))
)
CASH_OF = select(cash).where(tuple_(cash.c.account_id, cash.c.currency).in_(bindparam("keys", expanding=True)))
CREDIT = update(deposits).where(deposits.c.deposit_id == bindparam("of_deposit")).values(status="credited")
THIS_WITHDRAWAL = withdrawals.c.withdrawal_id == bindparam("of_withdrawal")
ANSWER = (
    update(withdrawals).where(THIS_WITHDRAWAL).values(status=bindparam("new_status"), reason=bindparam("new_reason"))
)
RELEASE = update(withdrawals).where(THIS_WITHDRAWAL).values(released=1)
DROP_LOT = delete(lots).where(
    lots.c.account_id == bindparam("of_account"),
    lots.c.symbol == bindparam("of_symbol"),
    lots.c.lot_id == bindparam("of_lot"),
)
DROP_RESERVATION = delete(reservations).where(reservations.c.order_id == bindparam("of_order"))


async def open_booking(
    uow: UnitOfWork, fills: Sequence[Fill], deposit_ids: Collection[str], withdrawal_ids: Collection[str]
) -> Booking:
    """Read, and lock, what a batch will change."""
    pending = [deposit_of(row) for row in await some(uow, SOME_DEPOSITS, ids=list(deposit_ids))]
    asked = [withdrawal_of(row) for row in await some(uow, SOME_WITHDRAWALS, ids=list(withdrawal_ids))]
    moves = [((fill.account_id, fill.symbol), signed_quantity(fill)) for fill in fills]
    moves += [(each.holding, each.amount) for each in pending if not each.cash]
    new = [position_of(fill) for fill in fills]
    new += [Position(*each.holding, each.currency, each.scale) for each in pending if not each.cash]
    positions = await locked_positions(uow, {(each.account_id, each.symbol): each for each in new})
    used = closing(positions, moves)
    held = {holding: await oldest_lots(uow, holding, quantity) for holding, quantity in used.items()}
    booked = await some(uow, BOOKED, ids=[fill.fill_id for fill in fills])
    taken = [(fill.account_id, fill.symbol, fill.reverses) for fill in fills if fill.reverses]
    realised = await some(uow, REALISED, ids=[fill_id for *_, fill_id in taken])
    own = await some(uow, OWN_LOTS, keys=taken)
    return Booking(
        positions=positions,
        lots=held,
        deposits={each.deposit_id: each for each in pending},
        withdrawals={each.withdrawal_id: each for each in asked},
        booked={row.fill_id for row in booked},
        realised={row.fill_id: row.realised for row in realised},
        own_lots={row.lot_id: Lot(row.lot_id, row.opened, row.quantity, row.cost) for row in own},
    )


async def locked_positions(uow: UnitOfWork, new: Mapping[Holding, Position]) -> dict[Holding, Position]:
    """The positions of these holdings; those that are missing are made first, for only a row can be locked."""
    found = await positions_of(uow, new)
    if missing := sorted(new.keys() - found.keys()):
        await many(uow, new_only(positions, dialect(uow)), [asdict(new[holding]) for holding in missing])
        found |= await positions_of(uow, missing)
    return found


async def positions_of(uow: UnitOfWork, holdings: Collection[Holding]) -> dict[Holding, Position]:
    """Positions that are there, locked: nobody else books on them, nor on their lots, until this transaction ends."""
    rows = await some(uow, SOME_POSITIONS, holdings=sorted(holdings))
    return {(row.account_id, row.symbol): Position(**row._mapping) for row in rows}


async def oldest_lots(uow: UnitOfWork, holding: Holding, quantity: int) -> deque[Lot]:
    """The oldest lots of a holding, until they hold so much: it may have thousands."""
    account_id, symbol = holding
    found: deque[Lot] = deque()
    last = {"last_opened": -1, "last_lot": ""}
    while quantity > 0:
        wanted = {"of_account": account_id, "of_symbol": symbol, "most": LOTS_AT_ONCE, **last}
        rows = (await uow.execute(OLDEST_LOTS, wanted)).all()
        for row in rows:
            found.append(Lot(row.lot_id, row.opened, row.quantity, row.cost))
            quantity -= abs(row.quantity)
        if len(rows) < LOTS_AT_ONCE:
            break
        last = {"last_opened": found[-1].opened, "last_lot": found[-1].lot_id}
    return found


async def some(uow: UnitOfWork, statement: Any, **wanted: list[Any]) -> Sequence[Row[Any]]:
    """Rows of a query by a list; none, and no query, for an empty list."""
    if not any(wanted.values()):
        return []
    return (await uow.execute(statement, wanted)).all()


async def save_booking(uow: UnitOfWork, booking: Booking) -> None:
    """Write what a batch changed, a statement a table."""
    await save_reservations(uow, booking)
    await insert_rows(uow, trades, [(None, *astuple(each.fill)[:KEPT], each.realised) for each in booking.trades])
    await insert_rows(uow, ledger, [(None, *astuple(each)) for each in booking.movements])
    await many(uow, CREDIT, [{"of_deposit": each} for each in booking.credited])
    await many(uow, ANSWER, [answer_row(each) for each in booking.answered])
    await many(uow, RELEASE, [{"of_withdrawal": each} for each in booking.released])
    held = [asdict(booking.positions[holding]) for holding in sorted(booking.touched)]
    await many(uow, upsert(positions, dialect(uow)), held)
    await save_lots(uow, booking)
    keys = [{"account_id": account, "currency": currency, "amount": 0} for account, currency in sorted(booking.cash)]
    await many(uow, new_only(cash, dialect(uow)), keys)
    changes = [{"account": a, "in_currency": c, "change": change} for (a, c), change in sorted(booking.cash.items())]
    await many(uow, ADD_CASH, changes)


async def save_reservations(uow: UnitOfWork, booking: Booking) -> None:
    """Keep what is reserved, forget what is not."""
    kept = [asdict(each) for each in booking.reservations.values() if each.amount]
    await many(uow, upsert(reservations, dialect(uow)), kept)
    gone = [{"of_order": each.order_id} for each in booking.reservations.values() if not each.amount]
    await many(uow, DROP_RESERVATION, gone)


async def save_lots(uow: UnitOfWork, booking: Booking) -> None:
    """Keep lots that hold something, drop those that are used up."""
    kept, gone = [], []
    for (account_id, symbol), lot in booking.changed_lots.values():
        if lot.quantity:
            kept.append({"account_id": account_id, "symbol": symbol, **asdict(lot)})
        else:
            gone.append({"of_account": account_id, "of_symbol": symbol, "of_lot": lot.lot_id})
    await many(uow, upsert(lots, dialect(uow)), kept)
    await many(uow, DROP_LOT, gone)


async def many(uow: UnitOfWork, statement: Any, rows: list[dict[str, Any]]) -> None:
    """One statement for all the rows; none for none."""
    if rows:
        await uow.later(statement, rows)


def dialect(uow: UnitOfWork) -> str:
    return uow.connection.dialect.name


def deposit_of(row: Row[Any]) -> Deposit:
    return Deposit(
        deposit_id=row.deposit_id,
        account_id=row.account_id,
        asset=row.asset,
        currency=row.currency,
        scale=row.scale,
        amount=row.amount,
        cost=row.cost,
        cash=bool(row.cash),
    )


def withdrawal_of(row: Row[Any]) -> Withdrawal:
    return Withdrawal(**{name: getattr(row, name) for name in Withdrawal.__struct_fields__})


def answer_row(answered: Answered) -> dict[str, Any]:
    status = "declined" if answered.reason else "settled"
    return {
        "of_withdrawal": answered.withdrawal.withdrawal_id,
        "new_status": status,
        "new_reason": answered.reason,
    }


async def add_withdrawal(uow: UnitOfWork, withdrawal: Withdrawal) -> dict[str, Any]:
    """A withdrawal that orders have yet to answer; its row."""
    row = {**asdict(withdrawal), "status": "requested", "reason": None, "released": 0, "created": uow.now}
    await uow.later(insert(withdrawals), row)
    return row


async def add_deposit(uow: UnitOfWork, deposit: Deposit) -> None:
    """A deposit that orders have yet to take."""
    await uow.later(insert(deposits), {**asdict(deposit), "status": "pending", "created": uow.now})


async def cash_of(uow: UnitOfWork, keys: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Cash by account and currency."""
    return {(row.account_id, row.currency): row.amount for row in await some(uow, CASH_OF, keys=keys)}


async def keep_instruments(uow: UnitOfWork, listed: Sequence[Instrument]) -> None:
    """Keep a copy of the instruments' terms."""
    rows = [{"symbol": each.symbol, "terms": msgspec.json.encode(each)} for each in listed]
    await many(uow, upsert(instruments, dialect(uow)), rows)
