"""Withdrawals as the risk ledger sees them: each is reserved or refused once, and released once."""

from collections.abc import Sequence

from sqlalchemy import bindparam, update

from services.contracts.events.portfolio import WithdrawalRequested, WithdrawalSettled
from services.kernel.inserts import insert_if_new
from services.kernel.uow import UnitOfWork
from services.orders.domain.reservation import Movement
from services.orders.store import ledger
from services.orders.store.tables import withdrawals

TURN = (
    update(withdrawals)
    .where(withdrawals.c.withdrawal_id == bindparam("of_withdrawal"), withdrawals.c.status == bindparam("before"))
    .values(status=bindparam("after"))
)


async def add(uow: UnitOfWork, events: Sequence[WithdrawalRequested]) -> list[WithdrawalRequested]:
    """Write withdrawals as reserved; those that were not there before."""
    return [event for event in events if await insert_if_new(uow, withdrawals, _row(event, uow.now))]


async def reserve(uow: UnitOfWork, event: WithdrawalRequested) -> bool:
    """Reserve the money of a new withdrawal; where it is not free the withdrawal is refused, and nothing reserved."""
    if await ledger.reserve(uow, {(event.account_id, event.asset): event.amount}):
        return True
    await uow.later(TURN, _turn(event.withdrawal_id, "reserved", "refused"))
    return False


async def release(uow: UnitOfWork, events: Sequence[WithdrawalSettled]) -> list[WithdrawalSettled]:
    """Take the money of settled withdrawals out of the ledger; those that still had it reserved."""
    released = []
    for event in events:
        turned = await uow.execute(TURN, _turn(event.withdrawal_id, "reserved", "released"))
        released += [event] if turned.rowcount == 1 else []
    await ledger.move(
        uow, [Movement(event.account_id, event.asset, -event.amount, -event.amount) for event in released]
    )
    return released


def _turn(withdrawal_id: str, before: str, after: str) -> dict[str, object]:
    return {"of_withdrawal": withdrawal_id, "before": before, "after": after}


def _row(event: WithdrawalRequested, now: int) -> dict[str, object]:
    return {
        "withdrawal_id": event.withdrawal_id,
        "account_id": event.account_id,
        "asset": event.asset,
        "amount": event.amount,
        "status": "reserved",
        "time": now,
    }
