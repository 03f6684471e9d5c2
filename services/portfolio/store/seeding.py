"""Newcomers' first deposits, credited long ago."""

from services.contracts.money import CURRENCY_SCALES
from services.contracts.seeding import CURRENCY, Batch, first_deposit, numbers
from services.kernel.inserts import insert_new_rows
from services.kernel.uow import UnitOfWork
from services.portfolio.store.tables import cash, deposits, ledger


async def seed(uow: UnitOfWork, batch: Batch) -> None:
    """One transaction; what is there already stays."""
    paid = [first_deposit(batch.seed, number) for number in numbers(batch)]
    scale, now = CURRENCY_SCALES[CURRENCY], uow.now
    rows = [(d, a, CURRENCY, CURRENCY, scale, amount, 0, 1, "credited", now) for d, a, amount in paid]
    await insert_new_rows(uow, deposits, rows)
    await insert_new_rows(uow, cash, [(account, CURRENCY, amount) for _, account, amount in paid])
    lines = [
        (None, account, f"deposit:{deposit}", "deposit", "cash", "outside", CURRENCY, amount, now)
        for deposit, account, amount in paid
    ]
    await insert_new_rows(uow, ledger, lines)
