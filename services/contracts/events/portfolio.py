"""Events of portfolio; the aggregate is the deposit or the account's position."""

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
