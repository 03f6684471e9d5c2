"""Events of portfolio; the aggregate is the deposit, the withdrawal or the account's position."""

from typing import ClassVar

from services.contracts.event import Event


class CashDeposited(Event):
    """A deposit was written as pending; orders credit it. Units of a currency or of a symbol, at its scale."""

    name: ClassVar[str] = "cash_deposited"
    producer: ClassVar[str] = "portfolio"
    deposit_id: str
    account_id: str
    asset: str
    amount: int
    scale: int

    @property
    def key(self) -> str:
        return self.deposit_id

    @property
    def partition(self) -> str:
        return self.account_id


class WithdrawalEvent(Event):
    """A withdrawal of money: ``amount`` in minor units of the currency that ``asset`` names."""

    producer: ClassVar[str] = "portfolio"
    withdrawal_id: str
    account_id: str
    asset: str
    amount: int
    scale: int

    @property
    def key(self) -> str:
        return self.withdrawal_id

    @property
    def partition(self) -> str:
        return self.account_id


class WithdrawalRequested(WithdrawalEvent):
    """Written as requested; orders reserve what is free, or refuse."""

    name: ClassVar[str] = "withdrawal_requested"


class WithdrawalSettled(WithdrawalEvent):
    """Booked: the money has left the account, and orders let go of it."""

    name: ClassVar[str] = "withdrawal_settled"


class WithdrawalDeclined(WithdrawalEvent):
    """Nothing was booked; the reason is a stable code such as ``insufficient_cash``."""

    name: ClassVar[str] = "withdrawal_declined"
    reason: str


class PositionChanged(Event):
    """The account's position and cash after a booking; ``cost`` is the position's total cost in minor units."""

    name: ClassVar[str] = "position_changed"
    producer: ClassVar[str] = "portfolio"
    account_id: str
    symbol: str
    quantity: int
    quantity_scale: int
    cost: int
    realised: int
    currency: str
    cash: int
    order_id: str | None = None
    fill_id: str | None = None

    @property
    def key(self) -> str:
        return f"{self.account_id}:{self.symbol}"

    @property
    def partition(self) -> str:
        return self.account_id
