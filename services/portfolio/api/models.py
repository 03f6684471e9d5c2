"""What the routes take and give; amounts are decimal strings."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Amount = Annotated[str, Field(max_length=40, json_schema_extra={"pattern": r"^[0-9]{1,18}(\.[0-9]{1,18})?$"})]


class NewDeposit(BaseModel):
    """Sandbox money, or shares: ``asset`` is a currency or a symbol."""

    model_config = ConfigDict(extra="forbid")
    asset: Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[A-Z0-9]+$", examples=["USD"])]
    amount: Annotated[Amount, Field(examples=["100000.00"])]


class Deposit(BaseModel):
    """A deposit and how far it is."""

    id: str
    asset: str
    amount: str
    status: Literal["pending", "credited"]


class NewWithdrawal(BaseModel):
    """Money of a currency."""

    model_config = ConfigDict(extra="forbid")
    asset: Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[A-Z0-9]+$", examples=["USD"])]
    amount: Annotated[Amount, Field(examples=["500.00"])]


class Withdrawal(BaseModel):
    """A withdrawal and how far it is; the reason is a code such as ``insufficient_cash`` where it was declined."""

    id: str
    asset: str
    amount: str
    status: Literal["requested", "settled", "declined"]
    reason: str | None
    requested_at: str


class WithdrawalPage(BaseModel):
    """Newest first."""

    items: list[Withdrawal]
    next: str | None


class Cash(BaseModel):
    """Money of one currency."""

    currency: str
    total: str
    reserved: str
    free: str


class Lot(BaseModel):
    """What is left of one purchase."""

    id: str
    opened_at: str
    quantity: str
    cost: str


class Position(BaseModel):
    """One instrument; the market's figures are null while there is no quote."""

    symbol: str
    currency: str
    quantity: str
    reserved: str
    cost: str
    average_cost: str | None
    realised: str
    realised_fifo: str
    market_value: str | None
    unrealised: str | None
    day_change: str | None
    lots: list[Lot]


class Portfolio(BaseModel):
    """All that the account holds."""

    cash: list[Cash]
    positions: list[Position]


class Trade(BaseModel):
    """A booked fill; one that ``reverses`` another takes it back, by negative amounts."""

    fill_id: str
    order_id: str
    symbol: str
    side: Literal["buy", "sell"]
    price: str
    quantity: str
    cost: str
    fee: str
    currency: str
    liquidity: Literal["maker", "taker"]
    realised: str
    time: str
    reverses: str | None


class TradePage(BaseModel):
    """Newest first."""

    items: list[Trade]
    next: str | None


class Movement(BaseModel):
    """The amount leaves the book ``credit`` and enters the book ``debit``."""

    cause: str
    kind: str
    debit: str
    credit: str
    asset: str
    amount: str
    time: str


class Ledger(BaseModel):
    """Newest first."""

    items: list[Movement]
    next: str | None
