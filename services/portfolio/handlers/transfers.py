"""Money in and out: deposits and withdrawals as they are asked for."""

from typing import Any

from msgspec.structs import asdict

from services.contracts import money
from services.contracts.errors import DomainError
from services.contracts.events.portfolio import CashDeposited, WithdrawalRequested
from services.contracts.instruments import Instrument
from services.kernel.uow import UnitOfWork
from services.portfolio.domain.booking import Deposit, Withdrawal
from services.portfolio.store import bookings


async def deposit(uow: UnitOfWork, wanted: Deposit) -> Deposit:
    """Write a deposit as pending and ask orders to credit it."""
    await bookings.add_deposit(uow, wanted)
    uow.wrote_of(wanted.account_id)
    uow.emit(
        CashDeposited(
            deposit_id=wanted.deposit_id,
            account_id=wanted.account_id,
            asset=wanted.asset,
            amount=wanted.amount,
            scale=wanted.scale,
        )
    )
    return wanted


async def withdraw_from(uow: UnitOfWork, wanted: Withdrawal) -> dict[str, Any]:
    """Write a withdrawal as requested and ask orders to reserve it; refused at once where it is more than there is.

    What is free the risk ledger alone knows, and decides.
    """
    key = (wanted.account_id, wanted.asset)
    total = (await bookings.cash_of(uow, [key])).get(key, 0)
    if wanted.amount > total:
        held = f"{money.text(total, wanted.scale)} {wanted.asset}"
        raise DomainError("insufficient_cash", 422, f"the account holds {held}", field="amount")
    row = await bookings.add_withdrawal(uow, wanted)
    uow.wrote_of(wanted.account_id)
    uow.emit(WithdrawalRequested(**asdict(wanted)))
    return row


def withdrawal_of(withdrawal_id: str, account_id: str, asset: str, amount: str) -> Withdrawal:
    """A withdrawal as asked for: money of a currency."""
    if asset not in money.CURRENCY_SCALES:
        raise DomainError("unknown_asset", 422, f"{asset} is no currency: only money is withdrawn", field="asset")
    scale = money.CURRENCY_SCALES[asset]
    units = units_of(amount, scale)
    if units <= 0:
        raise DomainError("invalid_amount", 422, "an amount is above 0", field="amount")
    return Withdrawal(withdrawal_id, account_id, asset, scale, units)


def units_of(amount: str, scale: int) -> int:
    """An amount as an integer at a scale."""
    try:
        return money.parse(amount, scale)
    except ValueError as error:
        raise DomainError("invalid_amount", 422, str(error), field="amount") from error


def deposit_of(
    deposit_id: str,
    account_id: str,
    asset: str,
    amount: str,
    instrument: Instrument | None,
    price: int | None,
    most: int,
) -> Deposit:
    """A deposit as asked for: money of a currency, or shares of an instrument at the price they count for."""
    scale = scale_of(asset, instrument)
    units = units_of(amount, scale)
    if not 0 < units <= most * 10**scale:
        raise DomainError("invalid_amount", 422, f"an amount is above 0 and at most {most}", field="amount")
    cash = instrument is None
    cost = 0
    if instrument and price:
        cost = money.cost(units * price, instrument.value_scale, instrument.currency)
    currency = instrument.currency if instrument else asset
    return Deposit(deposit_id, account_id, asset, currency, scale, units, cost, cash)


def scale_of(asset: str, instrument: Instrument | None) -> int:
    """Decimals of a currency, or of an instrument's quantity."""
    if instrument:
        return instrument.quantity_scale
    if asset not in money.CURRENCY_SCALES:
        raise DomainError("unknown_asset", 422, f"{asset} is neither a currency nor a symbol", field="asset")
    return money.CURRENCY_SCALES[asset]
