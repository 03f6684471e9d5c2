"""The risk ledger's part in a deposit: credit it once, and say so."""

from services.contracts.envelope import Envelope
from services.contracts.events.orders import CashCredited
from services.contracts.events.portfolio import CashDeposited
from services.kernel.uow import UnitOfWork
from services.orders.store import ledger


async def on_cash_deposited(uow: UnitOfWork, event: CashDeposited, _: Envelope) -> None:
    """Credit cash, or shares."""
    if await ledger.deposit(uow, event):
        uow.emit(
            CashCredited(
                deposit_id=event.deposit_id,
                account_id=event.account_id,
                asset=event.asset,
                amount=event.amount,
                scale=event.scale,
            )
        )
