"""The double-entry ledger: each line moves an amount of one asset from one book of the account to another.

Books: cash, position, trading (what trades cost), fees, street (the other side of the trade), outside.
"""

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from services.contracts.orders import Fill


class Movement(msgspec.Struct, frozen=True):
    """One line of the ledger: the amount leaves the book ``credit`` and enters the book ``debit``."""

    account_id: str
    cause: str
    """``fill:E-1``, ``deposit:01j…``, ``withdrawal:01j…``: with ``kind`` the movement's identity."""
    kind: str
    debit: str
    credit: str
    asset: str
    amount: int
    time: int


def movements_of(fill: Fill) -> list[Movement]:
    """A trade in the ledger: the cash for the instrument, the fee, and the instrument itself."""
    cause, buying = f"fill:{fill.fill_id}", fill.side == "buy"
    into, out_of = ("trading", "cash") if buying else ("cash", "trading")
    taken, given = ("position", "street") if buying else ("street", "position")
    rows = [
        Movement(fill.account_id, cause, "trade", into, out_of, fill.currency, fill.cost, fill.time),
        Movement(fill.account_id, cause, "shares", taken, given, fill.symbol, fill.quantity, fill.time),
    ]
    if fill.fee:
        rows.append(Movement(fill.account_id, cause, "fee", "fees", "cash", fill.currency, fill.fee, fill.time))
    return rows if fill.reverses is None else [turned(row) for row in rows]


def turned(row: Movement) -> Movement:
    """A negative amount the other way: what takes a trade back goes from each book to where it came from."""
    return replace(row, debit=row.credit, credit=row.debit, amount=-row.amount)


def movement_of_deposit(
    account_id: str, deposit_id: str, asset: str, amount: int, time: int, *, cash: bool
) -> Movement:
    """A deposit in the ledger: from outside into the cash or the position."""
    book = "cash" if cash else "position"
    return Movement(account_id, f"deposit:{deposit_id}", "deposit", book, "outside", asset, amount, time)


def movement_of_withdrawal(account_id: str, withdrawal_id: str, asset: str, amount: int, time: int) -> Movement:
    """A withdrawal in the ledger: from the cash to the outside."""
    return Movement(account_id, f"withdrawal:{withdrawal_id}", "withdrawal", "outside", "cash", asset, amount, time)


def legs(movements: Iterable[Movement]) -> dict[tuple[str, str], int]:
    """Sum of the movements by book and asset; over all books an asset sums to zero."""
    sums: dict[tuple[str, str], int] = {}
    for one in movements:
        sums[one.debit, one.asset] = sums.get((one.debit, one.asset), 0) + one.amount
        sums[one.credit, one.asset] = sums.get((one.credit, one.asset), 0) - one.amount
    return sums
