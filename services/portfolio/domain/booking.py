"""A batch of order events and deposits, booked in memory: read once before it, written once after it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from services.contracts.events.orders import CashCredited, OrderFilled, OrderPartiallyFilled
from services.contracts.orders import Fill, OrderState
from services.portfolio.domain.ledger import Movement, movement_of_deposit, movements_of
from services.portfolio.domain.position import (
    Lot,
    Position,
    book_fill,
    book_lots,
    cash_change,
)

Holding = tuple[str, str]
"""Account and symbol."""


def closing(positions: Mapping[Holding, Position], fills: Iterable[Fill]) -> set[Holding]:
    """Holdings whose lots a batch of fills may use up: the others only gain lots, and theirs need not be read."""
    sides: dict[Holding, set[str]] = {}
    for fill in fills:
        sides.setdefault((fill.account_id, fill.symbol), set()).add(fill.side)
    return {
        holding
        for holding, directions in sides.items()
        if len(directions) > 1 or not opens(positions.get(holding), directions)
    }


def opens(position: Position | None, directions: set[str]) -> bool:
    """Whether fills of one side go the way of the position."""
    if position is None or not position.quantity:
        return True
    return ("buy" in directions) == (position.quantity > 0)


@dataclass(frozen=True, slots=True)
class Trade:
    """A booked fill and the profit it realised against the average cost."""

    fill: Fill
    realised: int


@dataclass(frozen=True, slots=True)
class Reservation:
    """What an order keeps from being spent: minor units of a currency or units of a symbol; zero once it ended."""

    order_id: str
    account_id: str
    asset: str
    amount: int


@dataclass(frozen=True, slots=True)
class Deposit:
    """As it was asked for; ``cost`` is what deposited shares count as bought for, minor units."""

    deposit_id: str
    account_id: str
    asset: str
    currency: str
    scale: int
    amount: int
    cost: int
    cash: bool


@dataclass
class Booking:
    """Positions and lots as they become, and what is to be added to the tables."""

    positions: dict[Holding, Position]
    lots: dict[Holding, list[Lot]]
    deposits: dict[str, Deposit]
    booked: frozenset[str] = frozenset()
    """Fills that the ledger has already: a second time they change nothing."""
    trades: list[Trade] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    cash: dict[tuple[str, str], int] = field(default_factory=dict)
    reservations: dict[str, Reservation] = field(default_factory=dict)
    credited: list[str] = field(default_factory=list)
    touched: dict[Holding, Fill | None] = field(default_factory=dict)
    """Positions that changed, each with its last fill."""
    changed_lots: set[str] = field(default_factory=set)

    def follow(self, order: OrderState) -> None:
        """Keep what the order still reserves."""
        asset = order.currency if order.side == "buy" else order.symbol
        self.reservations[order.order_id] = Reservation(order.order_id, order.account_id, asset, order.reserved)

    def trade(self, event: OrderFilled | OrderPartiallyFilled) -> None:
        """Book a fill: position, lots, ledger, cash."""
        self.follow(event.order)
        fill = event.fill
        if fill.fill_id in self.booked:
            return
        self.booked |= {fill.fill_id}
        holding = (fill.account_id, fill.symbol)
        before = self.positions.get(holding) or Position(*holding, fill.currency, fill.quantity_scale)
        held = self.lots.get(holding, [])
        lots, profit = book_lots(held, fill)
        after = book_fill(before, fill)
        self.positions[holding] = replace(after, realised_fifo=before.realised_fifo + profit)
        self.lots[holding] = lots
        self.changed_lots |= {lot.lot_id for lot in lots if lot not in held}
        self.trades.append(Trade(fill, after.realised - before.realised))
        self.movements += movements_of(fill)
        self.add_cash(fill.account_id, fill.currency, cash_change(fill))
        self.touched[holding] = fill

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

    def add_shares(self, deposit: Deposit, time: int) -> None:
        """Shares that came from outside are a lot at the cost they count for."""
        holding = (deposit.account_id, deposit.asset)
        before = self.positions.get(holding) or Position(*holding, deposit.currency, deposit.scale)
        self.positions[holding] = replace(
            before, quantity=before.quantity + deposit.amount, cost=before.cost + deposit.cost
        )
        self.lots.setdefault(holding, []).append(Lot(deposit.deposit_id, time, deposit.amount, deposit.cost))
        self.changed_lots.add(deposit.deposit_id)
        self.touched[holding] = None

    def add_cash(self, account_id: str, currency: str, change: int) -> None:
        """Sum up what the account's cash changes by."""
        self.cash[account_id, currency] = self.cash.get((account_id, currency), 0) + change
