"""Time and sales: trades as they happen, the newest first."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from tradectl.tui.figures import number
from tradectl.tui.widgets.lined import Lined
from tradectl.tui.widgets.rows import Row, right

KEPT = 500
TIME = 9
WIDEST = 40
"""Cells that the columns take at most, so that a trade can be read across."""


@dataclass(frozen=True, slots=True)
class Print:
    """One trade: its time as text, its price, its quantity, and who came to the market for it."""

    time: str
    price: Decimal
    quantity: Decimal
    side: Literal["buy", "sell"]


class Tape(Lined):
    """The latest trades of one instrument; a trade of three times the usual size stands out."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.heads = ("Time", "Price", "Size")
        self.digits = 2
        self._prints: deque[Print] = deque(maxlen=KEPT)

    def set_prints(self, prints: Iterable[Print], digits: int) -> None:
        """Another instrument's trades, newest first."""
        self._prints = deque(prints, maxlen=KEPT)
        self.digits = digits
        self.touch()

    def add(self, each: Print) -> None:
        """One more trade."""
        self._prints.appendleft(each)
        self.touch()

    def rows(self, width: int, height: int) -> list[Row]:
        """Headings, then a trade a row."""
        room = min(width, WIDEST) - TIME
        size = max(room // 2 - 2, 6)
        price = room - size
        head = f"{self.heads[0]:<{TIME}}{right(self.heads[1], price)}{right(self.heads[2], size)}"
        shown = [self._prints[index] for index in range(min(height - 1, len(self._prints)))]
        usual = sum((each.quantity for each in shown), Decimal(0)) / max(len(shown), 1)
        return [((head, "head"),), *(self._row(each, price, size, each.quantity >= 3 * usual) for each in shown)]

    def _row(self, each: Print, price: int, size: int, large: bool) -> Row:
        ink = "up" if each.side == "buy" else "down"
        sign = self.alphabet.up if each.side == "buy" else self.alphabet.down
        strong = f"strong {ink}" if large else ink
        return (
            (f"{each.time:<8.8} ", "dim"),
            (right(number(each.price, self.digits), price - 2) + f" {sign}", strong),
            (right(f"{each.quantity.normalize():f}", size), strong if large else ""),
        )
