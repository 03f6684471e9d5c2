"""The risk ledger's part in a deposit: credit it once, and say so."""

from collections.abc import Sequence

from services.contracts.envelope import Envelope
from services.contracts.events.orders import CashCredited
from services.contracts.events.portfolio import CashDeposited
from services.kernel.uow import UnitOfWork
from services.orders.store import ledger


async def on_cash_deposited(uow: UnitOfWork, events: Sequence[tuple[CashDeposited, Envelope]]) -> None:
    """Credit cash, or shares."""
    causes = {event.deposit_id: envelope for event, envelope in events}
    for event in await ledger.deposit(uow, [event for event, _ in events]):
        credited = CashCredited(
            deposit_id=event.deposit_id,
            account_id=event.account_id,
            asset=event.asset,
            amount=event.amount,
            scale=event.scale,
        )
        uow.emit(credited, cause=causes[event.deposit_id])
