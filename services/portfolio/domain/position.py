"""Positions and lots: what a fill does to a holding.

A position keeps its total cost, fees included, and its quantity; the average is their quotient and is never
stored. For every booking the change of cash is the change of realised profit less the change of cost.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from services.contracts.orders import Fill


@dataclass(frozen=True, slots=True)
class Position:
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


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of one purchase."""

    lot_id: str
    opened: int
    quantity: int
    cost: int


def signed_quantity(fill: Fill) -> int:
    """Units that enter (a buy) or leave (a sell) the account."""
    return fill.quantity if fill.side == "buy" else -fill.quantity


def cash_change(fill: Fill) -> int:
    """Minor units that a fill adds to the account's cash; a buy's are negative."""
    return -(fill.cost + fill.fee) if fill.side == "buy" else fill.cost - fill.fee


def book_fill(position: Position, fill: Fill) -> Position:
    """The position after a fill, at weighted average cost; FIFO profit is booked by ``book_lots``."""
    return shift(position, signed_quantity(fill), cash_change(fill))


def shift(position: Position, quantity: int, cash: int) -> Position:
    """Move the position by a signed quantity for an amount of cash; what crosses zero opens the other way."""
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


def share_of(amount: int, part: int, whole: int) -> int:
    """``amount * part / whole`` rounded half away from zero; the whole part gives the whole amount."""
    sign = -1 if amount < 0 else 1
    return sign * ((2 * abs(amount) * part + whole) // (2 * whole))


def book_lots(lots: Iterable[Lot], fill: Fill) -> tuple[list[Lot], int]:
    """Lots after a fill, oldest first, and the profit that it realised by FIFO.

    A sale takes from the oldest lots; what no lot covers opens a short lot (negative quantity and cost).
    """
    quantity, cash, profit = signed_quantity(fill), cash_change(fill), 0
    kept: list[Lot] = []
    for lot in lots:
        if lot.quantity * quantity >= 0:
            kept.append(lot)
            continue
        closing = min(abs(lot.quantity), abs(quantity))
        closing_cash = share_of(cash, closing, abs(quantity))
        basis = share_of(lot.cost, closing, abs(lot.quantity))
        profit += closing_cash - basis
        direction = 1 if quantity > 0 else -1
        quantity, cash = quantity - direction * closing, cash - closing_cash
        kept.append(replace(lot, quantity=lot.quantity + direction * closing, cost=lot.cost - basis))
    if quantity:
        kept.append(Lot(fill.fill_id, fill.time, quantity, -cash))
    return kept, profit
