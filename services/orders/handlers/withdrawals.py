"""The risk ledger's part in a withdrawal: reserve what is free, and let go of it once it is booked."""

from collections.abc import Sequence
from typing import Any

from services.contracts.envelope import Envelope
from services.contracts.events.orders import CashRefused, CashReleased, CashReserved
from services.contracts.events.portfolio import (
    WithdrawalDeclined,
    WithdrawalEvent,
    WithdrawalRequested,
    WithdrawalSettled,
)
from services.kernel.uow import UnitOfWork
from services.orders.store import withdrawals

NOT_FREE = "insufficient_cash"


async def on_requested(uow: UnitOfWork, events: Sequence[tuple[WithdrawalRequested, Envelope]]) -> None:
    """Reserve it, or refuse it whole; in the order of balances, so that two processes never wait for each other."""
    causes = {event.withdrawal_id: envelope for event, envelope in events}
    new = await withdrawals.add(uow, [event for event, _ in events])
    for event in sorted(new, key=lambda event: (event.account_id, event.asset)):
        reserved = await withdrawals.reserve(uow, event)
        answer = CashReserved(**facts(event)) if reserved else CashRefused(**facts(event), reason=NOT_FREE)
        uow.emit(answer, cause=causes[event.withdrawal_id])


async def on_settled(uow: UnitOfWork, events: Sequence[tuple[WithdrawalSettled, Envelope]]) -> None:
    """The money has left: neither reserved nor there any more."""
    causes = {event.withdrawal_id: envelope for event, envelope in events}
    for event in await withdrawals.release(uow, [event for event, _ in events]):
        uow.emit(CashReleased(**facts(event)), cause=causes[event.withdrawal_id])


async def on_declined(_: UnitOfWork, __: WithdrawalDeclined, ___: Envelope) -> None:
    """Nothing was reserved. It is heard so that all events of a withdrawal are, in their order."""


def facts(event: WithdrawalEvent) -> dict[str, Any]:
    """What an answer repeats."""
    return {name: getattr(event, name) for name in ("withdrawal_id", "account_id", "asset", "amount")}
