"""Positions and lots: what a fill does to a holding.

A position keeps its total cost, fees included, and its quantity; the average is their quotient and is never
stored. For every booking the change of cash is the change of realised profit less the change of cost.
"""

from collections import deque

import msgspec
from msgspec.structs import replace

from services.contracts.orders import Fill


class Position(msgspec.Struct, frozen=True):
    """Quantity in units of the instrument, cost and profits in minor units; a short position has both negative."""

    account_id: str
    symbol: str
    currency: str
    quantity_scale: int
    quantity: int = 0
    cost: int = 0
    realised: int = 0
    """Against the weighted average cost."""
    realised_fifo: int = 0
    """Against the oldest lots."""


class Lot(msgspec.Struct, frozen=True):
    """What is left of one purchase, or, negative, of one sale of what was not there."""

    lot_id: str
    opened: int
    quantity: int
    cost: int


def position_of(fill: Fill) -> Position:
    """The position that a fill belongs to, before the first of them."""
    return Position(fill.account_id, fill.symbol, fill.currency, fill.quantity_scale)


def signed_quantity(fill: Fill) -> int:
    """Units that enter (a buy) or leave (a sell) the account."""
    return fill.quantity if fill.side == "buy" else -fill.quantity


def cash_change(fill: Fill) -> int:
    """Minor units that a fill adds to the account's cash; a buy's are negative."""
    return -(fill.cost + fill.fee) if fill.side == "buy" else fill.cost - fill.fee


def shift(position: Position, quantity: int, cash: int) -> Position:
    """Move the position by a signed quantity for an amount of cash, at weighted average cost; FIFO profit is booked

    by ``book_lots``. What crosses zero opens the other way.
    """
    if position.quantity * quantity >= 0:
        return replace(position, quantity=position.quantity + quantity, cost=position.cost - cash)
    closing = min(abs(quantity), abs(position.quantity))
    closing_cash = share_of(cash, closing, abs(quantity))
    basis = share_of(position.cost, closing, abs(position.quantity))
    direction = 1 if quantity > 0 else -1
    closed = replace(
        position,
        quantity=position.quantity + direction * closing,
        cost=position.cost - basis,
        realised=position.realised + closing_cash - basis,
    )
    rest = quantity - direction * closing
    return shift(closed, rest, cash - closing_cash) if rest else closed


def without(position: Position, quantity: int, cash: int, realised: int) -> Position:
    """Take a trade back: the signed quantity and the cash that come back, and the profit that it had realised.

    The position is then what it would be without the trade, but that what was sold since keeps the profit that it made.
    A cost that no quantity stands for any more is a loss.
    """
    quantity, cost = position.quantity + quantity, position.cost - realised - cash
    gone = 0 if quantity else cost
    return replace(position, quantity=quantity, cost=cost - gone, realised=position.realised - realised - gone)


def share_of(amount: int, part: int, whole: int) -> int:
    """``amount * part / whole`` rounded half away from zero; the whole part gives the whole amount."""
    sign = -1 if amount < 0 else 1
    return sign * ((2 * abs(amount) * part + whole) // (2 * whole))


def book_lots(lots: deque[Lot], lot_id: str, time: int, quantity: int, cash: int) -> tuple[list[Lot], int]:
    """Move lots, oldest first, by a signed quantity for an amount of cash: those that changed, and the FIFO profit.

    What goes the other way takes from the oldest lots; those used up leave and have a quantity of zero among the
    changed. The rest, if there is one, is a new lot.
    """
    profit, changed = 0, list[Lot]()
    while quantity and lots and lots[0].quantity * quantity < 0:
        lot = lots.popleft()
        closing = min(abs(lot.quantity), abs(quantity))
        closing_cash = share_of(cash, closing, abs(quantity))
        basis = share_of(lot.cost, closing, abs(lot.quantity))
        profit += closing_cash - basis
        direction = 1 if quantity > 0 else -1
        quantity, cash = quantity - direction * closing, cash - closing_cash
        left = replace(lot, quantity=lot.quantity + direction * closing, cost=lot.cost - basis)
        changed.append(left)
        if left.quantity:
            lots.appendleft(left)
    if quantity:
        lots.append(Lot(lot_id, time, quantity, -cash))
        changed.append(lots[-1])
    return changed, profit
