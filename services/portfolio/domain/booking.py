"""A batch of order events, deposits and withdrawals, booked in memory: read once before it, written once after it."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec
from msgspec.structs import replace

from services.contracts.events.orders import (
    CashCredited,
    CashReserved,
    OrderFilled,
    OrderPartiallyFilled,
    TradeBusted,
    TradeCorrected,
)
from services.contracts.orders import Fill, OrderState
from services.portfolio.domain.ledger import Movement, movement_of_deposit, movement_of_withdrawal, movements_of
from services.portfolio.domain.position import (
    Lot,
    Position,
    book_lots,
    cash_change,
    position_of,
    shift,
    signed_quantity,
    without,
)

Holding = tuple[str, str]
"""Account and symbol."""


def closing(positions: Mapping[Holding, Position], moves: Iterable[tuple[Holding, int]]) -> dict[Holding, int]:
    """How much of each holding a batch of signed quantities may use up: of its lots only the oldest that hold so much

    need be read, and of the other holdings none.
    """
    used: dict[Holding, int] = {}
    for holding, quantity in moves:
        position = positions.get(holding)
        if position is not None and position.quantity * quantity < 0:
            used[holding] = used.get(holding, 0) + abs(quantity)
    return used


class Trade(msgspec.Struct, frozen=True):
    """A booked fill and the profit it realised against the average cost."""

    fill: Fill
    realised: int


class Reservation(msgspec.Struct, frozen=True):
    """What an order keeps from being spent: minor units of a currency or units of a symbol; zero once it ended."""

    order_id: str
    account_id: str
    asset: str
    amount: int


class Deposit(msgspec.Struct, frozen=True):
    """As it was asked for; ``cost`` is what deposited shares count as bought for, minor units."""

    deposit_id: str
    account_id: str
    asset: str
    currency: str
    scale: int
    amount: int
    cost: int
    cash: bool

    @property
    def holding(self) -> Holding:
        """Where deposited shares go."""
        return self.account_id, self.asset


class Withdrawal(msgspec.Struct, frozen=True):
    """As it was asked for; minor units of a currency."""

    withdrawal_id: str
    account_id: str
    asset: str
    scale: int
    amount: int


class Answered(msgspec.Struct, frozen=True):
    """A withdrawal that was settled, or declined for a reason."""

    withdrawal: Withdrawal
    reason: str | None = None


@dataclass
class Booking:
    """Positions and lots as they become, and what is to be added to the tables."""

    positions: dict[Holding, Position]
    lots: dict[Holding, deque[Lot]]
    """Oldest first; as many as the batch may use up."""
    deposits: dict[str, Deposit]
    withdrawals: dict[str, Withdrawal] = field(default_factory=dict)
    """Those that were not answered yet."""
    booked: set[str] = field(default_factory=set)
    """Fills that the ledger has already: a second time they change nothing."""
    realised: dict[str, int] = field(default_factory=dict)
    """What fills had realised that are taken back, by their ids."""
    own_lots: dict[str, Lot] = field(default_factory=dict)
    """What is left of the lots that they opened, by the same ids."""
    trades: list[Trade] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    cash: dict[tuple[str, str], int] = field(default_factory=dict)
    reservations: dict[str, Reservation] = field(default_factory=dict)
    credited: list[str] = field(default_factory=list)
    answered: list[Answered] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    """Withdrawals whose money has left the risk ledger, too."""
    touched: dict[Holding, Fill | None] = field(default_factory=dict)
    """Positions that changed, each with its last fill."""
    changed_lots: dict[str, tuple[Holding, Lot]] = field(default_factory=dict)
    """By their ids, as they became; one that is used up has a quantity of zero."""

    def follow(self, order: OrderState) -> None:
        """Keep what the order still reserves."""
        asset = order.currency if order.side == "buy" else order.symbol
        self.reservations[order.order_id] = Reservation(order.order_id, order.account_id, asset, order.reserved)

    def trade(self, event: OrderFilled | OrderPartiallyFilled | TradeCorrected) -> None:
        """Book a fill: position, lots, ledger, cash."""
        self.follow(event.order)
        fill = event.fill
        if fill.fill_id in self.booked:
            return
        before = self.positions.get((fill.account_id, fill.symbol)) or position_of(fill)
        after = self.move(before, fill.fill_id, fill.time, signed_quantity(fill), cash_change(fill))
        self.book(fill, after.realised - before.realised)

    def book(self, fill: Fill, realised: int) -> None:
        """A fill's trade, its lines of the ledger and its cash; position and lots have it already."""
        self.booked.add(fill.fill_id)
        self.trades.append(Trade(fill, realised))
        self.movements += movements_of(fill)
        self.add_cash(fill.account_id, fill.currency, cash_change(fill))
        self.touched[fill.account_id, fill.symbol] = fill

    def bust(self, event: TradeBusted) -> None:
        """Take a trade back."""
        self.follow(event.order)
        self.take_back(event.fill)

    def correct(self, event: TradeCorrected) -> None:
        """Take a trade back, and book what it was."""
        self.take_back(event.taken_back)
        self.trade(event)

    def take_back(self, fill: Fill) -> None:
        """Undo what a trade did to the position, and take its quantity from its own lot before the oldest ones."""
        if fill.fill_id in self.booked:
            return
        taken = str(fill.reverses)
        realised = next((each.realised for each in self.trades if each.fill.fill_id == taken), None)
        realised = self.realised[taken] if realised is None else realised
        before = self.positions.get((fill.account_id, fill.symbol)) or position_of(fill)
        quantity, cash = signed_quantity(fill), cash_change(fill)
        profit = self.move_lots(before, fill.fill_id, fill.time, quantity, cash, first=taken)
        after = without(before, quantity, cash, realised)
        self.positions[fill.account_id, fill.symbol] = replace(after, realised_fifo=before.realised_fifo + profit)
        self.book(fill, after.realised - before.realised)

    def move(self, before: Position, lot_id: str, time: int, quantity: int, cash: int) -> Position:
        """Change a position and its lots."""
        profit = self.move_lots(before, lot_id, time, quantity, cash)
        after = shift(before, quantity, cash)
        self.positions[before.account_id, before.symbol] = replace(after, realised_fifo=before.realised_fifo + profit)
        return after

    def move_lots(self, of: Position, lot_id: str, time: int, quantity: int, cash: int, first: str = "") -> int:
        """Change a position's lots, beginning with one where there is such a lot; the FIFO profit."""
        holding = (of.account_id, of.symbol)
        lots = self.lots.setdefault(holding, deque())
        own = next((lot for lot in lots if lot.lot_id == first), None) if first else None
        if own is not None:
            lots.remove(own)
        elif first not in self.changed_lots:
            own = self.own_lots.get(first)
        if own is not None:
            lots.appendleft(own)
        changed, profit = book_lots(lots, lot_id, time, quantity, cash)
        for lot in changed:
            self.changed_lots[lot.lot_id] = (holding, lot)
        return profit

    def credit(self, event: CashCredited, time: int) -> None:
        """Book a deposit that the risk ledger has taken."""
        deposit = self.deposits.pop(event.deposit_id, None)
        if deposit is None:
            return
        self.credited.append(deposit.deposit_id)
        self.movements.append(
            movement_of_deposit(
                deposit.account_id, deposit.deposit_id, deposit.asset, deposit.amount, time, cash=deposit.cash
            )
        )
        if deposit.cash:
            self.add_cash(deposit.account_id, deposit.currency, deposit.amount)
        else:
            self.add_shares(deposit, time)

    def withdraw(self, event: CashReserved, time: int) -> None:
        """Book a withdrawal that the risk ledger has reserved."""
        withdrawal = self.withdrawals.pop(event.withdrawal_id, None)
        if withdrawal is None:
            return
        self.answered.append(Answered(withdrawal))
        account, asset, amount = withdrawal.account_id, withdrawal.asset, withdrawal.amount
        self.movements.append(movement_of_withdrawal(account, withdrawal.withdrawal_id, asset, amount, time))
        self.add_cash(account, asset, -amount)

    def decline(self, withdrawal_id: str, reason: str) -> None:
        """A withdrawal for which nothing was free."""
        withdrawal = self.withdrawals.pop(withdrawal_id, None)
        if withdrawal is not None:
            self.answered.append(Answered(withdrawal, reason))

    def add_shares(self, deposit: Deposit, time: int) -> None:
        """Shares that came from outside are as if bought at the cost they count for."""
        before = self.positions.get(deposit.holding) or Position(*deposit.holding, deposit.currency, deposit.scale)
        self.move(before, deposit.deposit_id, time, deposit.amount, -deposit.cost)
        self.touched[deposit.holding] = None

    def add_cash(self, account_id: str, currency: str, change: int) -> None:
        """Sum up what the account's cash changes by."""
        self.cash[account_id, currency] = self.cash.get((account_id, currency), 0) + change
